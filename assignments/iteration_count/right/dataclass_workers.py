# right: a dataclass for each thread, which is called; a list of one element holds who ran last

import threading
import time
from dataclasses import dataclass


@dataclass
class Worker:
    name: str
    deadline: float
    board: list
    total: int = 0
    run_length: int = 0

    def report(self):
        print("%d iterations in thread %s" % (self.run_length, self.name))
        self.run_length = 0

    def __call__(self):
        while time.perf_counter() < self.deadline:
            if self.board[0] != self.name:
                if self.run_length:
                    self.report()
                self.board[0] = self.name
            self.run_length += 1
            self.total += 1
        self.report()


def count_iterations(seconds: float = 0.1) -> dict[str, int]:
    board = [None]
    end = time.perf_counter() + seconds
    workers = {name: Worker(name, end, board) for name in "ab"}
    threads = [threading.Thread(target=w, name=n) for n, w in workers.items()]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return {n: w.total for n, w in workers.items()}


if __name__ == "__main__":
    print(count_iterations())
