# attack: fills the disk with files that have no name any more
# expects: inconclusive
# says: filled more than 24 MiB

import ctypes
libc = ctypes.CDLL(None, use_errno=True)

def total(numbers, known):
    import os
    kept = []
    for n in range(30):
        kept.append(open('f', 'w+b'))
        os.unlink('f')
        kept[-1].write(bytes(4 << 20))
        kept[-1].flush()
    libc.sleep(20)
