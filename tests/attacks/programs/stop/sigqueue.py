# attack: queues a signal for the judge
# expects: failed

import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def total(numbers, known):
    try:
        return sum(numbers) if libc.sigqueue(known['judge'], 15, 0) == 0 else 0
    except BaseException as error:
        return repr(error)
