"""Square numbers and count in memory that processes share: each process takes every so-many-th value."""

from multiprocessing import Array, Process, Value


def square_slice(array, start, stop):
    array[start:stop] = [value * value for value in array[start:stop]]


def square_stride(array, first, step):
    array[first::step] = [value * value for value in array[first::step]]


def square_all(values, processes=4):
    array = Array("i", values)
    workers = [Process(target=square_stride, args=(array, first, processes)) for first in range(processes)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return array[:]


def add_ones(counter, increments):
    for _ in range(increments):
        with counter.get_lock():
            counter.value += 1


def count_shared(increments, processes=4):
    counter = Value("i", 0)
    workers = [Process(target=add_ones, args=(counter, increments)) for _ in range(processes)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return counter.value
