# attack: leaves sockets with a path, and others without
# expects: failed

import ctypes
libc = ctypes.CDLL(None, use_errno=True)

def total(numbers, known):
    import os
    kept = []
    for name in (b'/dev/shm/attack-socket', b'own', known['open'].encode() + b'/attack-socket', b'\0attack'):
        fd = libc.socket(1, 1, 0)
        kept.append((libc.bind(fd, b'\1\0' + name + b'\0', 3 + len(name)), libc.listen(fd, 5)))
    return 0
