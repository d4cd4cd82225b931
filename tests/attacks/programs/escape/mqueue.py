# attack: leaves a message queue
# expects: failed

import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def total(numbers, known):
    return sum(numbers) if libc.syscall(240, b'attack', 0o102, 0o666, 0) >= 0 else 0
