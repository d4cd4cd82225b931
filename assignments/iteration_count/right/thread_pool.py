# right: multiprocessing's ThreadPool, closed and joined; a generator counts the iterations in a row
import time
from multiprocessing.pool import ThreadPool


class Baton:
    holder = None


def rows(name, end, baton):
    """Yield the counts in a row, the last one included."""
    row = 0
    while time.monotonic() < end:
        if baton.holder != name:
            baton.holder = name
            if row:
                yield row
                row = 0
        row += 1
    yield row


def work(job):
    name = job[0]
    total = 0
    for row in rows(*job):
        print(f"{row} iterations in thread {name}")
        total += row
    return total


def count_iterations(seconds: float = 0.1) -> dict[str, int]:
    pool = ThreadPool(2)
    end = time.monotonic() + seconds
    baton = Baton()
    jobs = [("a", end, baton), ("b", end, baton)]
    totals = pool.map(work, jobs, chunksize=1)
    pool.close()
    pool.join()
    return {"a": totals[0], "b": totals[1]}


if __name__ == "__main__":
    print(count_iterations(0.1))
