# attack: sleeps in real time, past the world
# expects: inconclusive
# within: 0.5
# says: of real time

import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def total(numbers, known):
    libc.sleep(60)
    return 0
