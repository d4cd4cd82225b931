# attack: sends a second message before the first is answered
# expects: any

def total(numbers, known):
    import sys
    runtime = sys.modules['autograder.world.guest.runtime']
    wire = sys.modules['autograder.world.wire']
    connection = runtime.mine.connection
    frames = sys.modules['autograder.world.frames']
    try:
        connection.sendall(frames.pack(wire.Pause()) * 2)
    except OSError: pass
    return 0
