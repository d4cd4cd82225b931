"""Process subclasses; the counter is its own context manager."""

from multiprocessing import Array, Process, Value


class Squarer(Process):
    def __init__(self, array, start, stop):
        super().__init__()
        self.array = array
        self.first = start
        self.last = stop

    def run(self):
        square_slice(self.array, self.first, self.last)


class Counter(Process):
    def __init__(self, counter, increments):
        super().__init__(daemon=True)
        self.counter = counter
        self.increments = increments

    def run(self):
        for _ in range(self.increments):
            with self.counter:
                self.counter.value += 1


def square_slice(array, start, stop):
    array[start:stop] = [x * x for x in array[start:stop]]


def run_all(workers):
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


def square_all(values, processes=4):
    array = Array("i", tuple(values))
    cuts = [round(k * len(values) / processes) for k in range(processes + 1)]
    run_all([Squarer(array, start, stop) for start, stop in zip(cuts, cuts[1:])])
    return array[:]


def count_shared(increments, processes=4):
    counter = Value("i", 0)
    run_all([Counter(counter, increments) for _ in range(processes)])
    return counter.value
