# attack: takes more memory in all its processes than it may
# expects: inconclusive
# says: of memory together

import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def total(numbers, known):
    for _ in range(6):
        if libc.fork() == 0: break
    x = bytearray(b'x') * (100 << 20)
    libc.sleep(20)
    return 0
