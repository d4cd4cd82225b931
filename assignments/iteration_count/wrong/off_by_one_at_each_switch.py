# fails: example_totals, counts_add_up
# The iteration that finds the switch is in the total, but in none of the printed counts. The slices look right.
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
            totals[name] += 1
            if last != name:
                if n:
                    print(f"{n} iterations in thread {name}")
                n = 0
                last = name
            else:
                n += 1
        print(f"{n} iterations in thread {name}")

    threads = [threading.Thread(target=count, args=(name,)) for name in "ab"]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return totals
