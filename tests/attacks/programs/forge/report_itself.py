# attack: sends the report of another result itself
# expects: failed

def total(numbers, known):
    import sys
    runtime = sys.modules['autograder.world.guest.runtime']
    wire = sys.modules['autograder.world.wire']
    msgspec = sys.modules['msgspec']
    runtime.ask(wire.Done(report=msgspec.msgpack.encode(wire.Report('returned', value=42, args=[0, 0]))))
    return 42
