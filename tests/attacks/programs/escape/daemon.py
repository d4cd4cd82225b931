# attack: leaves a daemon in a session of its own
# expects: failed

import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def total(numbers, known):
    if libc.fork() == 0:
        libc.setsid()
        if libc.fork() == 0:
            libc.sleep(600)
        libc._exit(0)
    return 0
