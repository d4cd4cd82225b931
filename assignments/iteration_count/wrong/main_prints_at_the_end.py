# fails: given_time_slices
# The threads only note their counts; the main thread sorts and prints them when both have ended.

import threading
import time


def count_iterations(seconds=0.1):
    last = [None]
    out = []
    totals = {"a": 0, "b": 0}
    end = time.time() + seconds

    def run(name):
        c = 0
        while time.time() < end:
            if last[0] != name:
                if c:
                    out.append((c, name))
                totals[name] += c
                c = 0
                last[0] = name
            c += 1
        out.append((c, name))
        totals[name] += c

    ts = [threading.Thread(target=run, args=(x,)) for x in "ab"]
    for t in ts:
        t.start()
    for t in ts:
        t.join()
    for c, n in sorted(out):
        print(f"{c} iterations in thread {n}")
    return totals
