# attack: returns from two processes
# expects: failed

import ctypes
libc = ctypes.CDLL(None, use_errno=True)

def total(numbers, known):
    return 0 if libc.fork() else sum(numbers)
