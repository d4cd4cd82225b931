# fails: gather_each_once
# After a second without a message a consumer takes it for the end: a slow producer comes too late.

from multiprocessing import Pipe, Process, Queue
from queue import Empty


def answer(connection):
    for number in iter(connection.recv, None):
        connection.send(number * number)


def ask_worker(numbers):
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


def produce(queue, producer, items):
    for item in range(items):
        queue.put((producer, item))


def consume(queue, gathered):
    try:
        while True:
            gathered.put(queue.get(timeout=1))
    except Empty:
        gathered.put(None)


def gather(producers, items, consumers=2):
    queue, gathered = Queue(), Queue()
    sources = [Process(target=produce, args=(queue, number, items)) for number in range(producers)]
    readers = [Process(target=consume, args=(queue, gathered)) for _ in range(consumers)]
    for process in sources + readers:
        process.start()
    pairs = []
    for _ in readers:
        pairs += iter(gathered.get, None)
    for process in sources + readers:
        process.join()
    return pairs


if __name__ == "__main__":
    print(ask_worker([1, 2, 3, 10]))
    print(gather(3, 4))
