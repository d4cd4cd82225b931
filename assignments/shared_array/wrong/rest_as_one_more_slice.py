# fails: children_do_the_work
# range() with a step: what is left over where the length does not divide gets a process of its own.

import multiprocessing as mp
from multiprocessing import Process, Value


def square_slice(array, start: int, stop: int) -> None:
    for index in range(start, stop):
        array[index] = array[index] ** 2


def add_ones(counter, increments: int) -> None:
    for _ in range(increments):
        # += is a read and a write. Each alone is safe; the lock makes the two one.
        with counter.get_lock():
            counter.value += 1


def count_shared(increments: int, processes: int = 4) -> int:
    counter = Value("i", 0)
    workers = [Process(target=add_ones, args=(counter, increments)) for _ in range(processes)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return counter.value


def square_all(values, processes=4):
    arr = mp.Array("i", values)
    n = len(values)
    step = max(1, n // processes)
    ps = []
    for s in range(0, n, step):
        ps.append(mp.Process(target=square_slice, args=(arr, s, min(s + step, n))))
    for p in ps:
        p.start()
    for p in ps:
        p.join()
    return list(arr)


if __name__ == "__main__":
    print(square_all(range(10)))
    print(count_shared(1000), "of", 4 * 1000)
