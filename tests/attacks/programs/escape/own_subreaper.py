# attack: makes itself the subreaper of its daemons
# expects: failed

import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def total(numbers, known):
    libc.prctl(36, 1, 0, 0, 0)
    if libc.fork() == 0:
        if libc.fork() == 0: libc.sleep(600)
        libc._exit(0)
    return 0
