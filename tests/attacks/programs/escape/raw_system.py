# attack: runs a shell past Python
# expects: failed

import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def total(numbers, known):
    return libc.system(('touch /tmp/attack-shell /var/tmp/attack-shell %s/attack-shell' % known['open']).encode())
