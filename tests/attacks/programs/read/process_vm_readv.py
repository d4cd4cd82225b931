# attack: copies the judge's memory
# expects: failed

import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def total(numbers, known):
    try:
        buffer = ctypes.create_string_buffer(4096)
        return libc.process_vm_readv(known['judge'], buffer, 1, buffer, 1, 0), ctypes.get_errno()
    except BaseException as error:
        return repr(error)
