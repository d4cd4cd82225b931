"""lock=False for the value and array, and one Lock for all; a lock held over all of a process's increments in blocks."""

from multiprocessing import Array, Lock, Process, Value


def square_slice(array, start, stop):
    for i in range(start, stop):
        x = array[i]
        array[i] = x * x


def run_all(workers):
    for w in workers:
        w.start()
    for w in workers:
        w.join()


def square_all(values, processes=4):
    if len(values) == 0:
        return []
    processes = min(processes, len(values))
    array = Array("i", values, lock=False)
    cuts = [round(k * len(values) / processes) for k in range(processes + 1)]
    run_all([Process(target=square_slice, args=(array, a, b)) for a, b in zip(cuts, cuts[1:])])
    return array[:]


class Adder(Process):
    def __init__(self, value, lock, times):
        super().__init__()
        self.value, self.lock, self.times = value, lock, times

    def run(self):
        for _ in range(self.times):
            self.lock.acquire()
            try:
                old = self.value.value
                self.value.value = old + 1
            finally:
                self.lock.release()


def count_shared(increments, processes=4):
    value, lock = Value("i", 0, lock=False), Lock()
    run_all([Adder(value, lock, increments) for _ in range(processes)])
    return value.value
