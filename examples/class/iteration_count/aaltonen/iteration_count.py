# Assignment 1, threads
# Aino Aaltonen
import threading
import time


class Counter(threading.Thread):
    """A thread that counts how often its loop goes round."""

    last = None     # which counter ran last (shared by all of them, so it is on the class)

    def __init__(self, letter, stop_at):
        super().__init__()
        self.letter = letter
        self.stop_at = stop_at
        self.total = 0

    def run(self):
        streak = 0
        while time.monotonic() < self.stop_at:
            if Counter.last is not self:
                # the other one was here in the meantime
                if streak:
                    self.report(streak)
                streak = 0
                Counter.last = self
            streak += 1
            self.total += 1
        self.report(streak)

    def report(self, streak):
        print(f"{streak} iterations in thread {self.letter}")


def count_iterations(seconds: float = 0.1) -> dict[str, int]:
    Counter.last = None
    stop_at = time.monotonic() + seconds
    counters = [Counter("a", stop_at), Counter("b", stop_at)]
    for counter in counters:
        counter.start()
    for counter in counters:
        counter.join()
    return {counter.letter: counter.total for counter in counters}


if __name__ == "__main__":
    print(count_iterations())
