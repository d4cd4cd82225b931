# fails: counts_add_up
# Totals are summed from a list that both append to, and are read before the join.

import threading, time


def count_iterations(seconds=0.1):
    rows = {"a": [], "b": []}
    last = None
    end = time.perf_counter() + seconds

    def count(name):
        nonlocal last
        row = 0
        while time.perf_counter() < end:
            if last != name:
                if row:
                    print(f"{row} iterations in thread {name}")
                    rows[name].append(row)
                row, last = 0, name
            row += 1
        print(f"{row} iterations in thread {name}")
        rows[name].append(row)

    threads = [threading.Thread(target=count, args=(name,)) for name in rows]
    for t in threads:
        t.start()
    time.sleep(seconds)
    totals = {name: sum(row) for name, row in rows.items()}
    for t in threads:
        t.join()
    return totals
