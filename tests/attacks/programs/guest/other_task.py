# attack: speaks as another of its threads
# expects: any

def total(numbers, known):
    import sys
    runtime = sys.modules['autograder.world.guest.runtime']
    wire = sys.modules['autograder.world.wire']
    frames = sys.modules['autograder.world.frames']
    msgspec = sys.modules['msgspec']
    connection = runtime.mine.connection

    import threading
    held = threading.Lock()
    held.acquire()
    other = threading.Thread(target=held.acquire)
    other.start()
    for task, line in list(runtime.connections.items()):
        if line is not connection:
            line.sendall(frames.pack(wire.Done(report=msgspec.msgpack.encode(wire.Report('returned', value=42)))))
    runtime.ask(wire.Pause())
    return 0
