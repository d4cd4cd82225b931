# attack: forks and leaves its parent without end
# expects: any

import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def total(numbers, known):
    while True:
        if libc.fork(): libc._exit(0)
