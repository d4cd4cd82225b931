# attack: copies the judge's memory
# expects: failed

import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def total(numbers, known):
    try:
        buffer = ctypes.create_string_buffer(16)
        piece = (ctypes.c_size_t * 2)(ctypes.addressof(buffer), 16)
        done = libc.process_vm_readv(known['judge'], piece, 1, piece, 1, 0)
        return ctypes.get_errno() if done == -1 and ctypes.get_errno() in (1, 3, 38) else sum(numbers)
    except BaseException as error:
        return repr(error)
