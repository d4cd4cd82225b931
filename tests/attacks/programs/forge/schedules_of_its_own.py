# attack: answers in the name of a thread that it never started
# expects: failed

def total(numbers, known):
    import sys
    runtime = sys.modules['autograder.world.guest.runtime']
    wire = sys.modules['autograder.world.wire']
    for n in range(3):
        runtime.ask(wire.Spawn(kind='thread', name='ghost'))
    return 0
