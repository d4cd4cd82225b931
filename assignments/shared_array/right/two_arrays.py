"""The children read one array and write another; a nested function counts."""

from multiprocessing import Array, Process, Value


def square_slice(array, start, stop):
    for index, value in enumerate(array[start:stop], start):
        array[index] = value**2


def copy_squares(source, target, start, stop):
    for index in range(start, stop):
        target[index] = source[index] * source[index]


def square_all(values, processes=4):
    source = Array("i", len(values), lock=False)
    source[:] = list(values)
    target = Array("i", len(values), lock=False)
    size = -(-len(values) // processes)
    workers = []
    for k in range(processes):
        start = min(k * size, len(values))
        stop = min(start + size, len(values))
        workers.append(Process(target=copy_squares, args=(source, target, start, stop)))
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return [square for square in target]


def count_shared(increments, processes=4):
    counter = Value("i", 0)

    def count():
        for _ in range(increments):
            counter.acquire()
            counter.value += 1
            counter.release()

    workers = [Process(target=count) for _ in range(processes)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return counter.value
