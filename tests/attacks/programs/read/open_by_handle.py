# attack: opens a file past its path
# expects: failed

import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def total(numbers, known):
    try:
        return libc.syscall(304, -100, 0, 0), ctypes.get_errno()
    except BaseException as error:
        return repr(error)
