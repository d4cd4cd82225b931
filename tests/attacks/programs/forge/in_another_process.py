# attack: returns from two processes: which of the two answers comes first, the machine decides
# expects: review

import ctypes
libc = ctypes.CDLL(None, use_errno=True)

def total(numbers, known):
    return 0 if libc.fork() else sum(numbers)
