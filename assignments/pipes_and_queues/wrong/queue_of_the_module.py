# fails: gather_start_methods
# The queues are global variables that are set later: a fresh Python has none.

from multiprocessing import Pipe, Process, Queue

queue = gathered = None


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


def produce(producer, items):
    for item in range(items):
        queue.put((producer, item))


def consume():
    for pair in iter(queue.get, None):
        gathered.put(pair)


def gather(producers, items, consumers=2):
    global queue, gathered
    queue, gathered = Queue(), Queue()
    sources = [Process(target=produce, args=(number, items)) for number in range(producers)]
    readers = [Process(target=consume) for _ in range(consumers)]
    for process in sources + readers:
        process.start()
    pairs = [gathered.get() for _ in range(producers * items)]
    for _ in readers:
        queue.put(None)
    for process in sources + readers:
        process.join()
    return pairs


if __name__ == "__main__":
    print(ask_worker([1, 2, 3, 10]))
    print(gather(3, 4))
