# attack: locks itself out
# expects: failed

def total(numbers, known):
    import threading
    l = threading.Lock()
    l.acquire()
    l.acquire()
