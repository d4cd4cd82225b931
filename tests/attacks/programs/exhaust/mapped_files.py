# attack: fills the disk with files without a name that are closed, and only in its memory
# expects: inconclusive
# says: filled more than 24 MiB

import ctypes
libc = ctypes.CDLL(None, use_errno=True)

def total(numbers, known):
    import mmap, os
    kept = []
    for n in range(16):
        with open('f', 'w+b') as file:
            os.unlink('f')
            file.write(bytes(4 << 20))
            file.flush()
            kept.append(mmap.mmap(file.fileno(), 4 << 20))
            os.close(os.dup(file.fileno()))
    libc.sleep(20)
