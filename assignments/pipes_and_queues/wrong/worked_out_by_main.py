# fails: gather_small_pipe, gather_start_methods, gather_producers, gather_consumers, gather_idle, gather_ends
# The list is what it should be, and nobody has sent anything.

from collections.abc import Iterable
from multiprocessing import Pipe, Process, Queue
from multiprocessing.connection import Connection


def answer(connection: Connection) -> None:
    # None is no number: it stands for the end. recv() waits until something comes.
    for number in iter(connection.recv, None):
        connection.send(number * number)


def ask_worker(numbers: Iterable[int]) -> list[int]:
    here, there = Pipe()
    worker = Process(target=answer, args=(there,))
    worker.start()
    squares = []
    for number in numbers:
        here.send(number)
        squares.append(here.recv())
    here.send(None)
    worker.join()
    return squares


def produce(queue: Queue, producer: int, items: int) -> None:
    for item in range(items):
        queue.put((producer, item))


def consume(queue: Queue, gathered: Queue) -> None:
    for pair in iter(queue.get, None):
        gathered.put(pair)


def gather(producers, items, consumers=2):
    return [(p, i) for p in range(producers) for i in range(items)]


if __name__ == "__main__":
    print(ask_worker([1, 2, 3, 10]))
    print(gather(3, 4))
