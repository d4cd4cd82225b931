# attack: makes namespaces of its own
# expects: failed

import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def total(numbers, known):
    return libc.unshare(0x10000000)
