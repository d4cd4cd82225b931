"""JoinableQueue.join before the ends are put; a manager's Queue for the results; namedtuple messages."""

from multiprocessing import JoinableQueue, Manager, Pipe, Process
from typing import NamedTuple


class Message(NamedTuple):
    kind: str
    number: int = 0


def answer(connection):
    for message in iter(connection.recv, Message("end")):
        connection.send(Message("square", message.number * message.number))


def ask_worker(numbers):
    here, there = Pipe()
    worker = Process(target=answer, args=(there,), name="squarer")
    worker.start()
    squares = []
    for n in numbers:
        here.send(Message("number", n))
        squares.append(here.recv().number)
    here.send(Message("end"))
    worker.join()
    return squares


def produce(queue, producer, items):
    for item in range(items):
        queue.put((producer, item))


def consume(queue, gathered):
    while True:
        pair = queue.get()
        try:
            if pair is None:
                break
            gathered.put(pair)
        finally:
            queue.task_done()


def gather(producers, items, consumers=2):
    queue = JoinableQueue()
    with Manager() as manager:
        gathered = manager.Queue()
        sources = [Process(target=produce, args=(queue, p, items)) for p in range(producers)]
        readers = [Process(target=consume, args=(queue, gathered)) for _ in range(consumers)]
        for p in readers + sources:
            p.start()
        for p in sources:
            p.join()
        queue.join()
        for _ in readers:
            queue.put(None)
        for p in readers:
            p.join()
        pairs = []
        while not gathered.empty():
            pairs.append(gathered.get())
        return pairs
