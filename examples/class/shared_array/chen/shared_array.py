"""Shared memory, by Chen Wei."""

from collections.abc import Sequence
from multiprocessing import Array, Process, Value


def square_slice(array, start: int, stop: int) -> None:
    """Square in place."""
    array[start:stop] = [x * x for x in array[start:stop]]


def square_all(values: Sequence[int], processes: int = 4) -> list[int]:
    """Square all."""
    array = Array("i", values)
    n = len(values)
    edges = [i * n // processes for i in range(processes + 1)]
    workers = [Process(target=square_slice, args=(array, a, b)) for a, b in zip(edges, edges[1:])]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return list(array)


def increment(counter, times: int) -> None:
    """Add 1, many times."""
    for _ in range(times):
        counter.value += 1  # a Value has a lock inside, so this is safe


def count_shared(increments: int, processes: int = 4) -> int:
    """Count together."""
    counter = Value("i", 0)
    workers = [Process(target=increment, args=(counter, increments)) for _ in range(processes)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return counter.value


if __name__ == "__main__":
    print(count_shared(100))
