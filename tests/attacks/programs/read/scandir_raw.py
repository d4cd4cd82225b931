# attack: opens the folder of the course by a raw call
# expects: failed

import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def total(numbers, known):
    try:
        fd = libc.open(known['hidden'].encode(), 0)
        buffer = ctypes.create_string_buffer(10000)
        libc.read(fd, buffer, 9999)
        return buffer.value
    except BaseException as error:
        return repr(error)
