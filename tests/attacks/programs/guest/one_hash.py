# attack: reports a set of numbers that all have one hash
# expects: failed

def total(numbers, known):
    import sys
    runtime = sys.modules['autograder.world.guest.runtime']
    wire = sys.modules['autograder.world.wire']
    frames = sys.modules['autograder.world.frames']
    msgspec = sys.modules['msgspec']
    connection = runtime.mine.connection

    items = [['tuple', [n, 0]] for n in range(200)] + [hex(n * (2**61 - 1)) for n in range(60_000)]
    form = ['set', [['int', one] for one in items if isinstance(one, str)]]
    runtime.ask(wire.Done(report=msgspec.msgpack.encode(wire.Report('returned', value=form))))
