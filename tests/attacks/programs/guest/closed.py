# attack: closes the conductor's connection
# expects: any

def total(numbers, known):
    import sys
    runtime = sys.modules['autograder.world.guest.runtime']
    wire = sys.modules['autograder.world.wire']
    connection = runtime.mine.connection
    try:
        connection.shutdown(2)
        connection.close()
    except OSError: pass
    return 0
