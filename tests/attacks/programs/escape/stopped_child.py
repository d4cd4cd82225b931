# attack: leaves a child that stopped itself
# expects: failed

import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def total(numbers, known):
    if libc.fork() == 0: libc.kill(libc.getpid(), 19)
    return 0
