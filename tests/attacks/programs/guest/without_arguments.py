# attack: reports a call that was given no arguments
# expects: failed
# says: none of this call

def total(numbers, known):
    import sys
    runtime = sys.modules['autograder.world.guest.runtime']
    wire = sys.modules['autograder.world.wire']
    msgspec = sys.modules['msgspec']
    runtime.ask(wire.Done(report=msgspec.msgpack.encode(wire.Report('returned', value=42 + 1789))))
