# right: datetime as the clock; functools.partial; a helper function for each step and for each print
import threading
from datetime import datetime, timedelta
from functools import partial


class Turn:
    """Remembers who ran last."""

    def __init__(self):
        self.owner = None

    def taken_by_other(self, name):
        taken = self.owner != name
        self.owner = name
        return taken


def report(count, name):
    print(f"{count} iterations in thread {name}")


def step(turn, name, row):
    if turn.taken_by_other(name):
        if row > 0:
            report(row, name)
        return 1
    return row + 1


def loop(turn, end, results, name):
    row = 0
    total = 0
    while datetime.now() < end:
        row = step(turn, name, row)
        total += 1
    report(row, name)
    results[name] = total


def count_iterations(seconds: float = 0.1) -> dict[str, int]:
    results = dict.fromkeys("ab", 0)
    job = partial(loop, Turn(), datetime.now() + timedelta(seconds=seconds), results)
    threads = [threading.Thread(target=partial(job, name)) for name in results]
    for thread in threads:
        thread.start()
    for thread in reversed(threads):
        thread.join()
    return results


if __name__ == "__main__":
    print(count_iterations(0.1))
