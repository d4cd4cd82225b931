"""Commands as tuples, a class with a context manager around the worker; done marks counted by the parent."""

from multiprocessing import Pipe, Process, Queue

STOP = "STOP"


def answer(connection):
    while True:
        command, *arguments = connection.recv()
        if command == STOP:
            break
        connection.send(arguments[0] ** 2)
    connection.close()


class Worker:
    def __enter__(self):
        self.conn, other = Pipe()
        self.process = Process(target=answer, args=(other,))
        self.process.start()
        return self

    def square(self, number):
        self.conn.send(("SQUARE", number))
        return self.conn.recv()

    def __exit__(self, *exc):
        self.conn.send((STOP,))
        self.process.join()
        self.conn.close()


def ask_worker(numbers):
    with Worker() as worker:
        return [worker.square(number) for number in numbers]


def produce(queue, producer, items):
    for item in range(items):
        queue.put((producer, item))
    queue.put(STOP)


def consume(queue, gathered, control):
    while True:
        message = queue.get()
        if message == STOP:
            control.put("one producer is done")
            continue
        if message == "END":
            gathered.put("END")
            return
        gathered.put(message)


def gather(producers, items, consumers=2):
    queue, gathered, control = Queue(), Queue(), Queue()
    ps = [Process(target=produce, args=(queue, p, items)) for p in range(producers)]
    cs = [Process(target=consume, args=(queue, gathered, control)) for _ in range(consumers)]
    for p in ps + cs:
        p.start()
    for _ in range(producers):
        control.get()
    for _ in range(consumers):
        queue.put("END")
    pairs, ended = [], 0
    while ended < consumers:
        m = gathered.get()
        if m == "END":
            ended += 1
        else:
            pairs.append(m)
    for p in ps + cs:
        p.join()
    return pairs
