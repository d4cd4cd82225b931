# fails: example_threads, both_threads_at_once
# Each thread is joined before the next one starts, so they never run side by side.
import threading
import time

last = None


def count(name, seconds, totals):
    global last
    end = time.perf_counter() + seconds
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
    totals = {"a": 0, "b": 0}
    for name in totals:
        t = threading.Thread(target=count, args=(name, seconds / 2, totals))
        t.start()
        t.join()
    return totals
