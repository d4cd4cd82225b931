# attack: fills the disk with files below the limit each
# expects: inconclusive
# says: filled more than 24 MiB

import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def total(numbers, known):
    for n in range(60):
        with open(str(n), 'wb') as file: file.write(bytes(2 << 20))
    libc.sleep(20)
