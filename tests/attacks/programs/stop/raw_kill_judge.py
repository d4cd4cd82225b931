# attack: sends a signal past Python: libc.kill(known['judge'], 9)
# expects: failed

import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def total(numbers, known):
    try:
        return sum(numbers) if libc.kill(known['judge'], 9) == 0 else 0
    except BaseException as error:
        return repr(error)
