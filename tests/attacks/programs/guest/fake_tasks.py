# attack: creates tasks that never come
# expects: any

def total(numbers, known):
    import sys
    runtime = sys.modules['autograder.world.guest.runtime']
    wire = sys.modules['autograder.world.wire']
    connection = runtime.mine.connection
    try:
        while True: runtime.ask(wire.Spawn(kind='thread', name='x'))
    except OSError: pass
    return 0
