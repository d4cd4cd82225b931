# attack: sends a signal past Python: libc.kill(-1, 9)
# expects: failed

import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def total(numbers, known):
    try:
        return libc.kill(-1, 9)
    except BaseException as error:
        return repr(error)
