# attack: queues a signal for the judge
# expects: failed

import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def total(numbers, known):
    try:
        return libc.sigqueue(known['judge'], 15, 0)
    except BaseException as error:
        return repr(error)
