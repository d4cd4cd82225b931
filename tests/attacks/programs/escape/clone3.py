# attack: makes a process by clone3
# expects: failed

import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def total(numbers, known):
    return sum(numbers) if libc.syscall(435, bytes(88), 88) >= 0 or ctypes.get_errno() != 38 else 0
