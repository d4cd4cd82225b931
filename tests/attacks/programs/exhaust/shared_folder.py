# attack: fills shared memory from inside of a folder
# expects: inconclusive
# says: filled more than 24 MiB

import ctypes
libc = ctypes.CDLL(None, use_errno=True)

def total(numbers, known):
    import os
    os.makedirs('/dev/shm/attack-folder/a')
    for n in range(60):
        with open('/dev/shm/attack-folder/a/%d' % n, 'wb') as file: file.write(bytes(2 << 20))
    libc.sleep(20)
