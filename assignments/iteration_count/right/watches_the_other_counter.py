# right: no shared "last": each looks whether the other one's counter has moved; time.time() as the clock
import threading
import time
from dataclasses import dataclass


@dataclass
class Worker:
    name: str
    total: int = 0
    other: "Worker | None" = None

    def __call__(self, until):
        seen = self.other.total
        printed = 0
        while time.time() < until:
            now = self.other.total
            if now != seen:
                seen = now
                if self.total > printed:
                    print(f"{self.total - printed} iterations in thread {self.name}", flush=True)
                    printed = self.total
            self.total += 1
        print(f"{self.total - printed} iterations in thread {self.name}", flush=True)


def count_iterations(seconds: float = 0.1) -> dict[str, int]:
    a, b = Worker("a"), Worker("b")
    a.other, b.other = b, a
    until = time.time() + seconds
    threads = [threading.Thread(target=worker, kwargs={"until": until}) for worker in (a, b)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    return {worker.name: worker.total for worker in (a, b)}


if __name__ == "__main__":
    print(count_iterations(0.1))
