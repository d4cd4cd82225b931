# fails: given_time_slices
# A line every 500 iterations, whether the other thread has run or not.
import threading
import time


def count_iterations(seconds: float = 0.1) -> dict[str, int]:
    totals = {"a": 0, "b": 0}
    end = time.perf_counter() + seconds

    def count(name):
        n = 0
        while time.perf_counter() < end:
            n += 1
            totals[name] += 1
            if n == 500:
                print(f"{n} iterations in thread {name}")
                n = 0
        print(f"{n} iterations in thread {name}")

    threads = [threading.Thread(target=count, args=(name,)) for name in "ab"]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return totals
