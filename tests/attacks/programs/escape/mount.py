# attack: mounts a file system
# expects: failed

import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def total(numbers, known):
    return sum(numbers) if libc.mount(b'none', b'.', b'tmpfs', 0, 0) == 0 else 0
