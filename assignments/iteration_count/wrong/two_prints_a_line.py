# fails: line_form
# A line is made by two print calls: the other thread can print between them.
import threading
import time


def count_iterations(seconds: float = 0.1) -> dict[str, int]:
    totals = {"a": 0, "b": 0}
    last = None
    end = time.perf_counter() + seconds

    def report(n, name):
        print(n, "iterations", end=" ")
        print("in thread", name)

    def count(name):
        nonlocal last
        n = 0
        while time.perf_counter() < end:
            if last != name:
                if n:
                    report(n, name)
                n = 0
                last = name
            n += 1
            totals[name] += 1
        report(n, name)

    threads = [threading.Thread(target=count, args=(name,)) for name in "ab"]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return totals
