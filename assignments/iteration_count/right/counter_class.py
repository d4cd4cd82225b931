"""A class with __slots__, a shared state dataclass, monotonic_ns."""

import threading
import time
from dataclasses import dataclass


@dataclass
class Shared:
    last: str = ""
    deadline: int = 0


class Counter(threading.Thread):
    def __init__(self, name, shared):
        super().__init__(name=name)
        self.shared = shared
        self.in_a_row = 0
        self.total = 0

    def report(self):
        print(f"{self.in_a_row} iterations in thread {self.name}")
        self.in_a_row = 0

    def run(self):
        while time.monotonic_ns() < self.shared.deadline:
            if self.shared.last != self.name:
                if self.shared.last and self.in_a_row:
                    self.report()
                self.shared.last = self.name
            self.in_a_row += 1
            self.total += 1
        self.report()


def count_iterations(seconds=0.1):
    shared = Shared(deadline=time.monotonic_ns() + int(seconds * 1e9))
    a, b = Counter("a", shared), Counter("b", shared)
    a.start()
    b.start()
    a.join()
    b.join()
    return {"a": a.total, "b": b.total}
