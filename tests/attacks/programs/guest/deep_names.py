# attack: names its locks, threads and functions with what no text may hold
# expects: any

def total(numbers, known):
    import sys
    runtime = sys.modules['autograder.world.guest.runtime']
    wire = sys.modules['autograder.world.wire']
    frames = sys.modules['autograder.world.frames']
    msgspec = sys.modules['msgspec']
    connection = runtime.mine.connection

    names = ['\x1b[2J', '\u202e', '</script><img src=x onerror=alert(1)>', '=1+1', '\0', '{{7*7}}', '\r\n', '`x`', '%s%n']
    for name in names:
        runtime.note(wire.Made(id=name, kind=name))
        runtime.note(wire.Entered(function=name))
        runtime.note(wire.Unheld(what=name))
        runtime.note(wire.Leaked(what=name))
        runtime.note(wire.Died(text=name))
        runtime.ask(wire.Acquire(id=name, kind=name))
        runtime.ask(wire.Write(text=name))
    runtime.ask(wire.Acquire(id=names[0], kind=names[0]))
    return 0
