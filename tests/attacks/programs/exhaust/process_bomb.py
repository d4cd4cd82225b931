# attack: starts processes without end
# expects: failed

def total(numbers, known):
    import multiprocessing as mp
    while True: mp.Process(target=mp.Event().wait).start()
