# fails: both_threads_at_once, given_time_slices
# A lock around the whole loop: b waits until a has used up all the time, and then counts nothing.
import threading
import time

lock = threading.Lock()


def count_iterations(seconds: float = 0.1) -> dict[str, int]:
    totals = {"a": 0, "b": 0}
    last = None
    end = time.perf_counter() + seconds

    def count(name):
        nonlocal last
        n = 0
        with lock:
            while time.perf_counter() < end:
                if last != name:
                    if n:
                        print(f"{n} iterations in thread {name}")
                    n = 0
                    last = name
                n += 1
                totals[name] += 1
            print(f"{n} iterations in thread {name}")

    threads = [threading.Thread(target=count, args=(name,)) for name in "ab"]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return totals
