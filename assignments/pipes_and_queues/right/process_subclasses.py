# right: a Process subclass for each role; iter() with the message that ends it

from multiprocessing import Pipe, Process, Queue
from typing import Iterable


class Squarer(Process):
    def __init__(self, conn):
        super().__init__()
        self.conn = conn

    def run(self):
        for n in iter(self.conn.recv, None):
            self.conn.send(n**2)
        self.conn.close()


class Producer(Process):
    def __init__(self, number, items, queue):
        super().__init__(name=f"producer-{number}")
        self.number, self.items, self.queue = number, items, queue

    def run(self):
        for pair in ((self.number, i) for i in range(self.items)):
            self.queue.put(pair)


class Consumer(Process):
    def __init__(self, source, sink):
        super().__init__()
        self.source, self.sink = source, sink

    def run(self):
        while (pair := self.source.get()) is not None:
            self.sink.put(pair)
        self.sink.put(None)


def ask_worker(numbers: Iterable[int]) -> list[int]:
    ours, theirs = Pipe()
    worker = Squarer(theirs)
    worker.start()
    theirs.close()
    answers = []
    try:
        for n in numbers:
            ours.send(n)
            answers.append(ours.recv())
    finally:
        ours.send(None)
        worker.join()
        ours.close()
    return answers


def gather(producers: int, items: int, consumers: int = 2) -> list[tuple[int, int]]:
    queue, results = Queue(), Queue()
    makers = [Producer(p, items, queue) for p in range(producers)]
    readers = [Consumer(queue, results) for _ in range(consumers)]
    for p in makers + readers:
        p.start()
    for p in makers:
        p.join()
    for _ in readers:
        queue.put(None)
    pairs = []
    left = consumers
    while left:
        pair = results.get()
        if pair is None:
            left -= 1
        else:
            pairs.append(pair)
    for p in readers:
        p.join()
    return pairs
