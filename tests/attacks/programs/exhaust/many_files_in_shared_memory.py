# attack: makes files in shared memory without end
# expects: inconclusive
# says: more than 500 files

import ctypes
libc = ctypes.CDLL(None, use_errno=True)

def total(numbers, known):
    for n in range(3000): libc.close(libc.creat(b'/dev/shm/attack-%d' % n, 0o600))
    libc.sleep(20)
