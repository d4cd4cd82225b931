# fails: counts_add_up
# The totals are a mutable default argument: they go on in the next call.

import threading, time


def count_iterations(seconds=0.1, totals={"a": 0, "b": 0}):
    last = None
    end = time.perf_counter() + seconds

    def count(name):
        nonlocal last
        row = 0
        while time.perf_counter() < end:
            if last != name:
                if row:
                    print(f"{row} iterations in thread {name}")
                row, last = 0, name
            row += 1
            totals[name] += 1
        print(f"{row} iterations in thread {name}")

    threads = [threading.Thread(target=count, args=(name,)) for name in totals]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return totals
