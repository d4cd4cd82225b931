# attack: reads the memory of the process that it was forked from
# expects: failed

import ctypes
libc = ctypes.CDLL(None, use_errno=True)

def total(numbers, known):
    found = []
    for name in ('mem', 'maps', 'environ', 'cmdline', 'fd/3'):
        try: found.append(open('/proc/%d/%s' % (libc.getppid(), name), 'rb').read(10))
        except OSError: pass
    return sum(numbers) if found else 0
