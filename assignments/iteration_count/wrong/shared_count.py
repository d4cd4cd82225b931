# fails: counts_add_up, given_time_slices
# One count for both threads: whoever prints, prints the other's iterations too.
import threading
import time

last = None
n = 0


def count(name, end, totals):
    global last, n
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
    global last, n
    last, n = None, 0
    totals = {"a": 0, "b": 0}
    end = time.perf_counter() + seconds
    threads = [threading.Thread(target=count, args=(name, end, totals)) for name in "ab"]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return totals
