# fails: gather_each_once
# Each producer puts an end mark, and the first one that a consumer reads ends it, while others still produce.

from collections.abc import Iterable
from multiprocessing import Pipe, Process, Queue
from multiprocessing.connection import Connection


def answer(connection: Connection) -> None:
    """Be the worker of ask_worker: send back the square of each number that comes, until there are no more."""
    # None is no number: it stands for the end. recv() waits until something comes.
    for number in iter(connection.recv, None):
        connection.send(number * number)


def ask_worker(numbers: Iterable[int]) -> list[int]:
    """Return the squares of the numbers, in their order.

    One background process works them out: each number goes to it over a Pipe, and its answer comes back the same way.
    """
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
    """Be one producer of gather: put (producer, 0), (producer, 1), ... onto the queue, as many as `items` says."""
    for item in range(items):
        queue.put((producer, item))
    queue.put(None)


def consume(queue: Queue, gathered: Queue) -> None:
    """Be one consumer of gather: pass on what comes from the queue, until it is told that there is no more."""
    for pair in iter(queue.get, None):
        gathered.put(pair)


def gather(producers: int, items: int, consumers: int = 2) -> list[tuple[int, int]]:
    """Return all pairs (producer, item), each once, in any order.

    Every producer is a process that puts its items onto the one queue. Every consumer is a process that reads from it
    and passes on what it has read. All of them have ended when gather returns.
    """
    queue, gathered = Queue(), Queue()
    sources = [Process(target=produce, args=(queue, number, items)) for number in range(producers)]
    readers = [Process(target=consume, args=(queue, gathered)) for _ in range(consumers)]
    for process in sources + readers:
        process.start()
    # Read first, join later: a process cannot end before all that it has put was read.
    pairs = [gathered.get() for _ in range(producers * items)]
    for process in sources + readers:
        process.join()
    return pairs


if __name__ == "__main__":
    print(ask_worker([1, 2, 3, 10]))
    print(gather(3, 4))
