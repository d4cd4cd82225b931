# fails: given_time_slices, counts_add_up
# The count in a row is one variable for both threads.

import threading, time


def count_iterations(seconds=0.1):
    totals = {"a": 0, "b": 0}
    last, row = None, 0
    end = time.perf_counter() + seconds

    def count(name):
        nonlocal last, row
        while time.perf_counter() < end:
            if last != name:
                if last:
                    print(f"{row} iterations in thread {last}")
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
