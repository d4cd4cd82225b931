# attack: computes in a foreign library
# expects: review

import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def total(numbers, known):
    libc.abs(3)
    return sum(numbers)
