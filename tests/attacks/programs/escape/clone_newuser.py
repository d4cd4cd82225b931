# attack: makes a namespace by clone
# expects: failed

import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def total(numbers, known):
    return sum(numbers) if libc.syscall(56, 0x10000000 | 17, 0, 0, 0, 0) >= 0 else 0
