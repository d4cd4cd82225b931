# attack: hides descriptors by the thousand in sockets that nobody reads
# expects: failed

def total(numbers, known):
    import socket, os
    kept, sent = [], 0
    try:
        for _ in range(200):
            pair = socket.socketpair()
            kept.append(pair)
            for _ in range(40):
                socket.send_fds(pair[0], [b'x'], [0] * 250)
                sent += 250
    except OSError as error: pass
    return sum(numbers) if sent > 20_000 else sent
