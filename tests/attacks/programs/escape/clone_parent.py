# attack: makes a process that is the launcher's child, in a session of its own
# expects: failed

import ctypes
libc = ctypes.CDLL(None, use_errno=True)

def total(numbers, known):
    if libc.syscall(56, 0x8000 | 17, 0, 0, 0, 0) == 0:
        libc.setsid()
        libc.signal(15, 1)
        libc.sleep(600)
        libc.syscall(231, 0)
    return 0
