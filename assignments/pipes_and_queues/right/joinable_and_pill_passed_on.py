"""A JoinableQueue tells that all was read; one last message is passed on from reader to reader."""

from multiprocessing import JoinableQueue, Pipe, Process, SimpleQueue


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
    while True:
        pair = queue.get()
        queue.task_done()
        if pair is None:
            queue.put(None)
            return
        gathered.put([pair])


def gather(producers, items, consumers=2):
    queue, gathered = JoinableQueue(), SimpleQueue()
    sources = [Process(target=produce, args=(queue, number, items)) for number in range(producers)]
    readers = [Process(target=consume, args=(queue, gathered)) for _ in range(consumers)]
    for process in readers + sources:
        process.start()
    pairs = []
    while len(pairs) < producers * items:
        pairs.extend(gathered.get())
    queue.put(None)
    for process in sources + readers:
        process.join()
    return pairs


if __name__ == "__main__":
    print(ask_worker([1, 2, 3, 10]))
    print(gather(3, 4))
