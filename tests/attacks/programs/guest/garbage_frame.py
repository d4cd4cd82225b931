# attack: sends noise to the conductor
# expects: any

def total(numbers, known):
    import sys
    runtime = sys.modules['autograder.world.guest.runtime']
    wire = sys.modules['autograder.world.wire']
    connection = runtime.mine.connection
    try:
        connection.sendall(b'\0\0\0\4abcd')
    except OSError: pass
    return 0
