# attack: has a name that a reader of /proc could trip over
# expects: failed

import ctypes
libc = ctypes.CDLL(None, use_errno=True)

def total(numbers, known):
    libc.prctl(15, b') R 1 1 (', 0, 0, 0)
    if libc.fork() == 0: libc.sleep(600)
    return 0
