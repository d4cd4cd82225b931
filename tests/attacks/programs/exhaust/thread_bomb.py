# attack: starts threads without end
# expects: failed

def total(numbers, known):
    import threading
    while True: threading.Thread(target=threading.Event().wait).start()
