# attack: announces a frame of four gigabytes
# expects: any
# says: the largest allowed is

def total(numbers, known):
    import sys
    runtime = sys.modules['autograder.world.guest.runtime']
    wire = sys.modules['autograder.world.wire']
    connection = runtime.mine.connection
    try:
        connection.sendall(b'\xff' * 8)
    except OSError: pass
    return 0
