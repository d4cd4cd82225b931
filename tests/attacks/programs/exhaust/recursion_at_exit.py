# attack: has exit functions that register themselves again
# expects: failed

import atexit
def again():
    atexit.register(again)
def total(numbers, known):
    atexit.register(again)
    import multiprocessing as mp
    child = mp.Process(target=again)
    child.start()
    child.join()
    return 0
