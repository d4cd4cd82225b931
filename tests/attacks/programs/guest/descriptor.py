# attack: sends descriptors along
# expects: any

def total(numbers, known):
    import sys
    runtime = sys.modules['autograder.world.guest.runtime']
    wire = sys.modules['autograder.world.wire']
    connection = runtime.mine.connection
    frames = sys.modules['autograder.world.frames']
    try:
        import socket
        socket.send_fds(connection, [frames.pack(wire.Pause())], [0, 1, 2] * 50)
    except OSError: pass
    return 0
