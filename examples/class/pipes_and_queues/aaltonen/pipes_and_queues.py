"""A thread asks while the main thread reads the answers; the processes are subclasses of Process."""

from multiprocessing import Pipe, Process, Queue
from threading import Thread


class Squarer(Process):
    def __init__(self, connection):
        super().__init__()
        self.connection = connection

    def run(self):
        while True:
            place, number = self.connection.recv()
            if number is None:
                self.connection.send(None)
                return
            self.connection.send((place, number * number))


def ask_worker(numbers):
    here, there = Pipe(True)
    worker = Squarer(there)
    worker.start()

    def ask():
        for question in enumerate(numbers):
            here.send(question)
        here.send((0, None))

    asking = Thread(target=ask)
    asking.start()
    squares = [square for _, square in iter(here.recv, None)]
    asking.join()
    worker.join()
    return squares


class Producer(Process):
    def __init__(self, queue, number, items):
        super().__init__(name=f"producer {number}")
        self.queue, self.number, self.items = queue, number, items

    def run(self):
        for item in range(self.items):
            self.queue.put((self.number, item))
        self.queue.put("done")


class Consumer(Process):
    def __init__(self, queue, gathered):
        super().__init__()
        self.queue, self.gathered = queue, gathered

    def run(self):
        for pair in iter(self.queue.get, None):
            self.gathered.put(pair)


def gather(producers, items, consumers=2):
    queue, gathered = Queue(), Queue()
    sources = [Producer(queue, number, items) for number in range(producers)]
    readers = [Consumer(queue, gathered) for _ in range(consumers)]
    for process in [*readers, *sources]:
        process.start()
    pairs, done = [], 0
    while done < producers:
        pair = gathered.get()
        if pair == "done":
            done += 1
        else:
            pairs.append(pair)
    while len(pairs) < producers * items:
        pairs.append(gathered.get())
    for _ in readers:
        queue.put(None)
    for process in [*readers, *sources]:
        process.join()
    return sorted(pairs)


if __name__ == "__main__":
    print(ask_worker([1, 2, 3, 10]))
    print(gather(3, 4))
