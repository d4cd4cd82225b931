# attack: sends notes without end
# expects: any
# within: 0.5

def total(numbers, known):
    import sys
    runtime = sys.modules['autograder.world.guest.runtime']
    wire = sys.modules['autograder.world.wire']
    connection = runtime.mine.connection
    try:
        while True: runtime.ask(wire.Pause(notes=[wire.Left(function='x')] * 5000))
    except OSError: pass
    return 0
