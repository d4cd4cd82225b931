# fails: both_threads_joined
# Daemon threads and a sleep a little longer than their time.

import threading, time


def count_iterations(seconds=0.1):
    totals = {"a": 0, "b": 0}
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

    for name in totals:
        threading.Thread(target=count, args=(name,), daemon=True).start()
    time.sleep(seconds * 1.5)
    return totals
