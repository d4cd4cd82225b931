# attack: says nothing more
# expects: inconclusive
# within: 0.5
# says: of real time

def total(numbers, known):
    import sys
    runtime = sys.modules['autograder.world.guest.runtime']
    wire = sys.modules['autograder.world.wire']
    connection = runtime.mine.connection
    try:
        import ctypes
        ctypes.CDLL(None).sleep(60)
    except OSError: pass
    return 0
