# attack: sends numbers that arithmetic trips over
# expects: any

def total(numbers, known):
    import sys
    runtime = sys.modules['autograder.world.guest.runtime']
    wire = sys.modules['autograder.world.wire']
    frames = sys.modules['autograder.world.frames']
    msgspec = sys.modules['msgspec']
    connection = runtime.mine.connection

    for seconds in (float('inf'), float('nan'), -1e308, 1e308):
        runtime.ask(wire.Sleep(seconds=seconds))
        runtime.ask(wire.Join(tasks=[0], timeout=seconds))
    runtime.ask(wire.Pause(ticks=(1 << 64) - 1))
    return 0
