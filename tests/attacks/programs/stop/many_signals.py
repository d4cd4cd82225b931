# attack: fills the queue of signals of its user
# expects: failed

import ctypes
libc = ctypes.CDLL(None, use_errno=True)

def total(numbers, known):
    libc.signal(40, 1)
    mask = (ctypes.c_ulong * 16)(*[(1 << 64) - 1] * 16)
    libc.sigprocmask(0, mask, None)
    sent = 0
    while libc.sigqueue(libc.getpid(), 40, 0) == 0 and sent < 20_000: sent += 1
    return sum(numbers) if sent > 2000 else sent
