# attack: makes Thread.start run at once
# expects: failed

def total(numbers, known):
    import threading
    threading.Thread.start = lambda self: self.run()
    return 0
