"""Processes that talk: questions and answers over a pipe, and many senders and readers at one queue."""

from collections.abc import Iterable
from multiprocessing import Pipe, Process, Queue
from multiprocessing.connection import Connection


def answer(connection: Connection) -> None:
    """Be the worker of ask_worker: send back the square of each number that comes, until there are no more."""
    # Write your code here instead of the next line.
    raise NotImplementedError("write your code here")


def ask_worker(numbers: Iterable[int]) -> list[int]:
    """Return the squares of the numbers, in their order.

    One background process works them out: each number goes to it over a Pipe, and its answer comes back the same way.
    """
    # Write your code here instead of the next line.
    raise NotImplementedError("write your code here")


def produce(queue: Queue, producer: int, items: int) -> None:
    """Be one producer of gather: put (producer, 0), (producer, 1), ... onto the queue, as many as `items` says."""
    # Write your code here instead of the next line.
    raise NotImplementedError("write your code here")


def consume(queue: Queue, gathered: Queue) -> None:
    """Be one consumer of gather: pass on what comes from the queue, until it is told that there is no more."""
    # Write your code here instead of the next line.
    raise NotImplementedError("write your code here")


def gather(producers: int, items: int, consumers: int = 2) -> list[tuple[int, int]]:
    """Return all pairs (producer, item), each once, in any order.

    Every producer is a process that puts its items onto the one queue. Every consumer is a process that reads from it
    and passes on what it has read. All of them have ended when gather returns.
    """
    # Write your code here instead of the next line.
    raise NotImplementedError("write your code here")


if __name__ == "__main__":
    print(ask_worker([1, 2, 3, 10]))
    print(gather(3, 4))
