# attack: opens a file past its path
# expects: failed

import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def total(numbers, known):
    try:
        libc.syscall(304, -100, 0, 0)
        return ctypes.get_errno() if ctypes.get_errno() in (1, 38) else sum(numbers)
    except BaseException as error:
        return repr(error)
