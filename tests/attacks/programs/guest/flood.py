# attack: sends megabytes of messages
# expects: any
# says: sent more than 256 MiB

def total(numbers, known):
    import sys
    runtime = sys.modules['autograder.world.guest.runtime']
    wire = sys.modules['autograder.world.wire']
    connection = runtime.mine.connection
    try:
        for _ in range(400): runtime.ask(wire.Send(handle=1, data=bytes(1 << 20)))
    except OSError: pass
    return 0
