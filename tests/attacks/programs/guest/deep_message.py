# attack: sends a message of a million levels
# expects: any

def total(numbers, known):
    import sys
    runtime = sys.modules['autograder.world.guest.runtime']
    wire = sys.modules['autograder.world.wire']
    connection = runtime.mine.connection
    try:
        connection.sendall((1 << 20).to_bytes(4, 'big') + b'\x91' * (1 << 20))
    except OSError: pass
    return 0
