# attack: attaches to the judge as a debugger
# expects: failed

import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def total(numbers, known):
    try:
        return sum(numbers) if libc.ptrace(16, known['judge'], 0, 0) == 0 else ctypes.get_errno()
    except BaseException as error:
        return repr(error)
