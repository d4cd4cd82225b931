"""Memory without locks of its own, one Lock for the counter; the slices need none."""

from multiprocessing import Lock, Process, RawArray, Value


def square_slice(array, start, stop):
    for index in range(start, stop):
        array[index] = pow(array[index], 2)


def square_all(values, processes=4):
    array = RawArray("i", list(values))
    workers = []
    for k in range(processes):
        bounds = (k * len(values) // processes, (k + 1) * len(values) // processes)
        workers.append(Process(target=square_slice, args=(array, *bounds)))
    for worker in workers:
        worker.start()
    for worker in reversed(workers):
        worker.join()
    return list(array)


def add(counter, lock, increments):
    with lock:
        for _ in range(increments):
            counter.value += 1


def count_shared(increments, processes=4):
    counter = Value("i", 0, lock=False)
    lock = Lock()
    workers = [Process(target=add, args=(counter, lock, increments)) for _ in range(processes)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return counter.value
