# attack: sends half a frame and closes
# expects: any

def total(numbers, known):
    import sys
    runtime = sys.modules['autograder.world.guest.runtime']
    wire = sys.modules['autograder.world.wire']
    connection = runtime.mine.connection
    try:
        connection.sendall(b'\0\0\1\0abc')
        connection.shutdown(2)
    except OSError: pass
    return 0
