# fails: both_threads_joined
# A sleep instead of the joins: on a slow computer the threads are still at work when it is over.
import threading
import time


def count_iterations(seconds: float = 0.1) -> dict[str, int]:
    totals = {"a": 0, "b": 0}
    last = None
    end = time.perf_counter() + seconds

    def count(name):
        nonlocal last
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

    for name in "ab":
        threading.Thread(target=count, args=(name,), daemon=True).start()
    time.sleep(seconds + 0.1)
    return totals
