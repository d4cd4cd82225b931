# attack: writes past Python without end
# expects: any

import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def total(numbers, known):
    while True: libc.write(1, b'y' * 60000, 60000)
