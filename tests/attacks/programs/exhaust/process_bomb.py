# attack: starts processes without end
# expects: failed
# says: more than 24 threads and processes

def total(numbers, known):
    import multiprocessing as mp
    while True: mp.Process(target=mp.Event().wait).start()
