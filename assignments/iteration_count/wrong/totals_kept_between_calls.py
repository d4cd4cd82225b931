# fails: counts_add_up
# The totals are global and never set back: right in the first call, too large in the second.
import threading
import time

totals = {"a": 0, "b": 0}
last = None


def count(name, end):
    global last
    n = 0
    while time.perf_counter() < end:
        if last != name:
            if n:
                print(f"{n} iterations in thread {name}")
            n = 0
            last = name
        n += 1
        totals[name] += 1
    print(f"{n} iterations in thread {name}")


def count_iterations(seconds: float = 0.1) -> dict[str, int]:
    end = time.perf_counter() + seconds
    threads = [threading.Thread(target=count, args=(name, end)) for name in "ab"]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return totals
