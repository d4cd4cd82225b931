# attack: leaves a process that keeps changing its number
# expects: failed

import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def total(numbers, known):
    if libc.fork() == 0:
        libc.setsid()
        while True:
            if libc.fork(): libc._exit(0)
            libc.usleep(1000)
    return 0
