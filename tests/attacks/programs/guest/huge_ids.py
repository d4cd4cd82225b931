# attack: names locks by the megabyte
# expects: any
# says: not a message of a guest

def total(numbers, known):
    import sys
    runtime = sys.modules['autograder.world.guest.runtime']
    wire = sys.modules['autograder.world.wire']
    connection = runtime.mine.connection
    try:
        runtime.ask(wire.Acquire(id='x' * 10_000_000, kind='x'))
    except OSError: pass
    return 0
