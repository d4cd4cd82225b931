"""Slices with a step: process k squares the elements k, k + processes, and so on."""

from multiprocessing import Array, Process, Value


def square_slice(array, start, stop):
    for i in range(start, stop):
        array[i] = array[i] ** 2


def square_every(array, first, step):
    for i in range(first, len(array), step):
        square_slice(array, i, i + 1)


def square_all(values, processes=4):
    array = Array("i", values)
    workers = [Process(target=square_every, args=(array, k, processes)) for k in range(processes)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return list(array)


def add(counter, increments):
    for _ in range(increments):
        with counter.get_lock():
            counter.get_obj().value += 1


def count_shared(increments, processes=4):
    counter = Value("i", 0)
    workers = []
    for number in range(processes):
        workers.append(Process(target=add, args=(counter, increments), name=f"counter {number}"))
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    with counter.get_lock():
        return counter.value
