# fails: both_threads_at_once, given_time_slices
# target=count("a") calls the function in the main thread; the threads themselves have nothing to do.
import threading
import time


def count_iterations(seconds: float = 0.1) -> dict[str, int]:
    totals = {"a": 0, "b": 0}
    last = None

    def count(name):
        nonlocal last
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

    a = threading.Thread(target=count("a"))
    b = threading.Thread(target=count("b"))
    a.start()
    b.start()
    a.join()
    b.join()
    return totals
