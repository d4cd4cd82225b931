# right: a subclass of Thread, each with a deadline of its own; the two share a class attribute
import time
from threading import Thread


class Counter(Thread):
    last = None

    def __init__(self, name, seconds):
        super().__init__(name=name)
        self.seconds = seconds
        self.total = 0

    def run(self):
        end = time.monotonic() + self.seconds
        count = 0
        while time.monotonic() < end:
            count += 1
            self.total += 1
            if Counter.last is not self:
                if count > 1:
                    print(count - 1, "iterations in thread", self.name)
                count = 1
                Counter.last = self
        print(count, "iterations in thread", self.name)


def count_iterations(seconds: float = 0.1) -> dict[str, int]:
    Counter.last = None
    a = Counter("a", seconds)
    b = Counter("b", seconds)
    a.start()
    b.start()
    a.join()
    b.join()
    return {"a": a.total, "b": b.total}


if __name__ == "__main__":
    print(count_iterations())
