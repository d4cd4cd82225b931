# attack: puts a key into the keyring of its user
# expects: failed

import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def total(numbers, known):
    return sum(numbers) if libc.syscall(248, b'user', b'attack', b'x', 1, -4) >= 0 else 0
