"""The slice is read and stored as a whole; a with on the Value itself; a semaphore of 1."""

import multiprocessing as mp


def square_slice(array, start: int, stop: int) -> None:
    array[start:stop] = [x * x for x in array[start:stop]]


def _bounds(length, parts):
    base, extra = divmod(length, parts)
    lo = 0
    for i in range(parts):
        hi = lo + base + (i < extra)
        yield lo, hi
        lo = hi


def square_all(values, processes: int = 4):
    shared = mp.Array("i", len(values))
    for i, v in enumerate(values):
        shared[i] = v
    ps = [mp.Process(target=square_slice, args=(shared, lo, hi)) for lo, hi in _bounds(len(values), processes)]
    for p in ps:
        p.start()
    for p in ps:
        p.join()
    return [x for x in shared]


def _count(value, sem, n):
    while n:
        with sem:
            value.value += 1
        n -= 1


def count_shared(increments: int, processes: int = 4) -> int:
    value = mp.Value("i", 0)
    sem = mp.Semaphore(1)
    ps = []
    for _ in range(processes):
        p = mp.Process(target=_count, args=(value, sem, increments))
        p.daemon = True
        ps.append(p)
        p.start()
    [p.join() for p in ps]
    return value.value
