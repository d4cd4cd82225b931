# attack: shares memory that has no name, in all its processes
# expects: inconclusive
# says: of memory together

import ctypes
libc = ctypes.CDLL(None, use_errno=True)

def total(numbers, known):
    import mmap
    for _ in range(6):
        if libc.fork() == 0: break
    shared = mmap.mmap(-1, 60 << 20)
    for place in range(0, len(shared), 4096): shared[place] = 1
    libc.sleep(20)
    return 0
