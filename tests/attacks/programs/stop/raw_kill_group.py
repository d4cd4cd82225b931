# attack: sends a signal past Python: libc.killpg(0, 9)
# expects: inconclusive
# says: was killed

import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def total(numbers, known):
    try:
        return libc.killpg(0, 9)
    except BaseException as error:
        return repr(error)
