# attack: reads the environment as C sees it
# expects: failed

import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def total(numbers, known):
    try:
        return libc.getenv and ctypes.c_char_p.in_dll(libc, 'environ').value
    except BaseException as error:
        return repr(error)
