"""A bounded queue, a shared Value counts what is left and the last reader ends the others; poll(None)."""

from multiprocessing import Pipe, Process, Queue, Value


def answer(connection):
    while connection.poll(None):
        number = connection.recv()
        if number is None:
            return
        connection.send(number * number)


def ask_worker(numbers):
    a, b = Pipe()
    p = Process(target=answer, args=(b,))
    p.start()
    out = []
    for n in numbers:
        a.send(n)
        out.append(a.recv())
    a.send(None)
    p.join()
    return out


def produce(queue, producer, items):
    for i in range(items):
        queue.put((producer, i))


def consume(queue, gathered, left, consumers):
    while True:
        pair = queue.get()
        if pair is None:
            return
        gathered.put(pair)
        with left.get_lock():
            left.value -= 1
            last = left.value == 0
        if last:
            for _ in range(consumers):
                queue.put(None)


def gather(producers, items, consumers=2):
    queue, gathered = Queue(maxsize=3), Queue()
    total = producers * items
    left = Value("i", total)
    crew = [Process(target=consume, args=(queue, gathered, left, consumers)) for _ in range(consumers)]
    crew += [Process(target=produce, args=(queue, p, items)) for p in range(producers)]
    for p in crew:
        p.start()
    if total == 0:
        for _ in range(consumers):
            queue.put(None)
    result = []
    while len(result) < total:
        result.append(gathered.get())
    for p in crew:
        p.join()
    return result
