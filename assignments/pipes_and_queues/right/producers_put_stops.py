"""The last producer's job: a thread joins the producers and then puts the ends; results by pipes with wait."""

import threading
from multiprocessing import Pipe, Process, Queue
from multiprocessing.connection import wait


class Squares(Process):
    def __init__(self):
        super().__init__(daemon=True)
        self.mine, self.theirs = Pipe()

    def run(self):
        while True:
            try:
                n = self.theirs.recv()
            except EOFError:
                return
            if n == "end":
                return
            self.theirs.send(n * n)


def ask_worker(numbers):
    worker = Squares()
    worker.start()
    squares = []
    for n in numbers:
        worker.mine.send(n)
        squares.append(worker.mine.recv())
    worker.mine.send("end")
    worker.join()
    return squares


def produce(queue, producer, items):
    [queue.put((producer, i)) for i in range(items)]


def consume(queue, out):
    for pair in iter(queue.get, None):
        out.send(pair)
    out.send(None)
    out.close()


def gather(producers, items, consumers=2):
    queue = Queue()
    sources = [Process(target=produce, args=(queue, p, items)) for p in range(producers)]
    readers, ends = [], []
    for _ in range(consumers):
        receive, send = Pipe(False)
        readers.append(Process(target=consume, args=(queue, send)))
        ends.append(receive)
    for p in sources + readers:
        p.start()

    def finish():
        for p in sources:
            p.join()
        for _ in readers:
            queue.put(None)

    finisher = threading.Thread(target=finish)
    finisher.start()
    pairs = []
    while ends:
        for end in wait(ends):
            pair = end.recv()
            if pair is None:
                ends.remove(end)
            else:
                pairs.append(pair)
    finisher.join()
    for p in readers:
        p.join()
    return pairs
