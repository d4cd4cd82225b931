# attack: makes namespaces of its own
# expects: failed

import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def total(numbers, known):
    return sum(numbers) if libc.unshare(0x10000000) == 0 else 0
