# attack: starts programs that become root
# expects: failed

import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def total(numbers, known):
    done = [libc.system(b'%s -c true </dev/null' % p) for p in (b'/bin/su', b'/usr/bin/sudo')]
    return sum(numbers) if 0 in done else done
