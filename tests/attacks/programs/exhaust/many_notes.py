# attack: has a trace of a million accesses of shared memory
# expects: any
# within: 1

import multiprocessing as mp
def total(numbers, known):
    shared = mp.Array('i', 50_000)
    for _ in range(100): shared[:] = shared[:]
    return 0
