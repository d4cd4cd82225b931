# attack: leaves a System V segment
# expects: failed

import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def total(numbers, known):
    return sum(numbers) if libc.shmget(4711, 4096, 0o1666) >= 0 else 0
