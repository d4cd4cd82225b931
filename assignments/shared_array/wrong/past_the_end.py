# fails: uneven_lengths, few_values
# The length of a slice is rounded up and the last slice is not cut: it reaches past the end of the array.

import math
from multiprocessing import Array, Process, Value


def square_slice(array, start, stop):
    for index in range(start, stop):
        array[index] = array[index] ** 2


def square_all(values, processes=4):
    array = Array("i", values)
    size = math.ceil(len(values) / processes)
    workers = []
    for k in range(processes):
        workers.append(Process(target=square_slice, args=(array, k * size, (k + 1) * size)))
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if any(worker.exitcode for worker in workers):
        raise IndexError("a slice is too long")
    return list(array)


def add(counter, increments):
    for _ in range(increments):
        with counter.get_lock():
            counter.value += 1


def count_shared(increments, processes=4):
    counter = Value("i", 0)
    workers = [Process(target=add, args=(counter, increments)) for _ in range(processes)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return counter.value


if __name__ == "__main__":
    print(square_all(range(10)))
    print(count_shared(1000))
