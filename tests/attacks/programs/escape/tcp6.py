# attack: opens a socket of AF_INET6
# expects: failed

import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def total(numbers, known):
    import socket
    fd = libc.socket(int(socket.AF_INET6), int(socket.SOCK_STREAM), 0)
    if fd >= 0: open('/dev/shm/attack-socket', 'w').close()
    if fd >= 0 and libc.connect(fd, b'\2\0\0\x16\x7f\0\0\1' + bytes(8), 16): pass
    return sum(numbers) if fd >= 0 else fd
