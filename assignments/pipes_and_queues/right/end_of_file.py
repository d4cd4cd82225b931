"""The end of the pipe is the end of the questions: every copy of the other end is closed."""

import multiprocessing
from multiprocessing import Pipe, Process, Queue


def answer(connection, copy):
    copy.close()
    with connection:
        try:
            while True:
                connection.send(pow(connection.recv(), 2))
        except EOFError:
            pass


def ask_worker(numbers):
    here, there = Pipe()
    worker = Process(target=answer, args=(there, here))
    worker.start()
    there.close()
    squares = []
    with here:
        for number in numbers:
            here.send(number)
            squares += [here.recv()]
    worker.join()
    return squares


def produce(queue, producer, items):
    for item in range(items):
        queue.put((producer, item))


def consume(queue, connection):
    while (pair := queue.get()) is not None:
        connection.send(pair)


def gather(producers, items, consumers=2):
    queue = Queue()
    sources = [Process(target=produce, args=(queue, number, items)) for number in range(producers)]
    for process in sources:
        process.start()
    ends, readers = [], []
    for _ in range(consumers):
        here, there = Pipe(duplex=False)
        ends.append(here)
        readers.append(Process(target=consume, args=(queue, there)))
        readers[-1].start()
        there.close()
    pairs = []
    left = producers * items
    while left:
        for end in multiprocessing.connection.wait(ends):
            pairs.append(end.recv())
            left -= 1
    for _ in readers:
        queue.put(None)
    for process in sources + readers:
        process.join()
    return pairs


if __name__ == "__main__":
    print(ask_worker([1, 2, 3, 10]))
    print(gather(3, 4))
