# attack: leaves everything of shared memory that it can
# expects: failed

import ctypes
libc = ctypes.CDLL(None, use_errno=True)

def total(numbers, known):
    import os
    for name in ('attack-before', 'sem.attack-before', 'psm_attack-before', 'mp-attack-before'):
        open('/dev/shm/' + name, 'w').write('left')
    os.makedirs('/dev/shm/attack-before-folder/x')
    return 0
