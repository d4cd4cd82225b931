# right: a context manager starts the processes and joins them on the way out; a dataclass for each slice

from dataclasses import dataclass
from multiprocessing import Array, Process, Value


def square_slice(array, start: int, stop: int) -> None:
    for index in range(start, stop):
        array[index] = array[index] ** 2


@dataclass(frozen=True)
class Slice:
    start: int
    stop: int


class Crew:
    def __init__(self):
        self.members = []

    def __enter__(self):
        return self

    def hire(self, fn, *args):
        p = Process(target=fn, args=args)
        self.members.append(p)
        p.start()

    def __exit__(self, *exc):
        for p in self.members:
            p.join()


def _inc(v, n):
    for _ in range(n):
        with v.get_lock():
            v.value += 1


def square_all(values, processes=4):
    n = len(values)
    q, r = divmod(n, processes)
    slices, at = [], 0
    for k in range(processes):
        end = at + q + (k < r)
        slices.append(Slice(at, end))
        at = end
    arr = Array("i", values)
    with Crew() as crew:
        for s in slices:
            crew.hire(square_slice, arr, s.start, s.stop)
    return [x for x in arr]


def count_shared(increments, processes=4):
    v = Value("i", 0)
    with Crew() as crew:
        for _ in range(processes):
            crew.hire(_inc, v, increments)
    return v.value


if __name__ == "__main__":
    print(square_all(range(10)))
    print(count_shared(1000), "of", 4 * 1000)
