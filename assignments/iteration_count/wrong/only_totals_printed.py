# fails: given_time_slices
# Each thread prints one line, its total, at the end: nobody looks whether the other one has run in between.
import threading
import time


def count_iterations(seconds: float = 0.1) -> dict[str, int]:
    totals = {"a": 0, "b": 0}
    end = time.perf_counter() + seconds

    def count(name):
        while time.perf_counter() < end:
            totals[name] += 1
        print(f"{totals[name]} iterations in thread {name}")

    threads = [threading.Thread(target=count, args=(name,)) for name in "ab"]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return totals
