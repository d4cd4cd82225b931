# attack: binds the names by which its work is counted
# expects: failed
# says: loop turns

__turn__ = __entry__ = lambda: None
__turns__ = iter

class Loop:
    __turn__ = lambda: None
    __several__ = False

def total(numbers, known):
    global __turn__, __entry__
    __turn__ = __entry__ = lambda: None
    while True: pass
