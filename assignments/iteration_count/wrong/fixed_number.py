# fails: runs_for_the_time
# A fixed number of iterations instead of a time: how long that takes depends on the computer.
import threading


def count_iterations(seconds: float = 0.1) -> dict[str, int]:
    totals = {"a": 0, "b": 0}
    last = None

    def count(name):
        nonlocal last
        n = 0
        for _ in range(5000):
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
