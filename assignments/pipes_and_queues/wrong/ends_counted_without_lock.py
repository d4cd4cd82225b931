# fails: gather_ends
# The consumers count the producers that are done in a Value, without its lock: one is lost, and nobody ever ends.

import multiprocessing as mp
from collections.abc import Iterable
from multiprocessing import Pipe, Process, Queue
from multiprocessing.connection import Connection


def answer(connection: Connection) -> None:
    # None is no number: it stands for the end. recv() waits until something comes.
    for number in iter(connection.recv, None):
        connection.send(number * number)


def ask_worker(numbers: Iterable[int]) -> list[int]:
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


def produce(queue: Queue, producer: int, items: int) -> None:
    for item in range(items):
        queue.put((producer, item))


def consume(queue: Queue, gathered: Queue) -> None:
    for pair in iter(queue.get, None):
        gathered.put(pair)


def _make(p, items, q):
    for i in range(items):
        q.put((p, i))
    q.put(None)


def _take(q, out, ended, producers, consumers):
    while True:
        x = q.get()
        if x is None:
            ended.value += 1
            if ended.value == producers:
                for _ in range(consumers):
                    q.put("end")
            continue
        if x == "end":
            break
        out.put(x)
    out.put(None)


def gather(producers, items, consumers=2):
    q, out, ended = mp.Queue(), mp.Queue(), mp.Value("i", 0)
    ps = [mp.Process(target=_make, args=(p, items, q)) for p in range(producers)]
    cs = [mp.Process(target=_take, args=(q, out, ended, producers, consumers)) for _ in range(consumers)]
    for p in ps + cs:
        p.start()
    res, done = [], 0
    while done < consumers:
        x = out.get()
        if x is None:
            done += 1
        else:
            res.append(x)
    for p in ps + cs:
        p.join()
    return res


if __name__ == "__main__":
    print(ask_worker([1, 2, 3, 10]))
    print(gather(3, 4))
