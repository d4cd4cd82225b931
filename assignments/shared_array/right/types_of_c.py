# right: the Value is given a type of C, ctypes.c_int, instead of its letter

import ctypes
from collections.abc import Sequence
from multiprocessing import Array, Process, Value


def square_slice(array, start: int, stop: int) -> None:
    for index in range(start, stop):
        array[index] = array[index] ** 2


def square_all(values: Sequence[int], processes: int = 4) -> list[int]:
    array = Array("i", values)
    count = len(values)
    # Slice k goes from k/processes of the way to (k+1)/processes: no gap, no overlap, lengths differ by one at most.
    bounds = [count * k // processes for k in range(processes + 1)]
    workers = [Process(target=square_slice, args=(array, bounds[k], bounds[k + 1])) for k in range(processes)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return array[:]


def add_ones(counter, increments: int) -> None:
    for _ in range(increments):
        # += is a read and a write. Each alone is safe; the lock makes the two one.
        with counter.get_lock():
            counter.value += 1


def count_shared(increments, processes=4):
    counter = Value(ctypes.c_int, 0)
    workers = [Process(target=add_ones, args=(counter, increments)) for _ in range(processes)]
    for w in workers:
        w.start()
    for w in workers:
        w.join()
    return counter.value


if __name__ == "__main__":
    print(square_all(range(10)))
    print(count_shared(1000), "of", 4 * 1000)
