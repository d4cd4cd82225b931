# attack: starts threads without end
# expects: failed
# says: more than 24 threads and processes

def total(numbers, known):
    import threading
    while True: threading.Thread(target=threading.Event().wait).start()
