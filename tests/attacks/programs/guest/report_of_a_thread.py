# attack: reports from a thread that the call has returned
# expects: failed

def total(numbers, known):
    import sys
    runtime = sys.modules['autograder.world.guest.runtime']
    wire = sys.modules['autograder.world.wire']
    frames = sys.modules['autograder.world.frames']
    msgspec = sys.modules['msgspec']
    connection = runtime.mine.connection

    import threading
    def lie(): runtime.ask(wire.Done(report=msgspec.msgpack.encode(wire.Report('returned', value=42))))
    thread = threading.Thread(target=lie)
    thread.start()
    thread.join()
    return 0
