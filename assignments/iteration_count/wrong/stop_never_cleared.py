# fails: both_threads_at_once
# The global event stays set after the first call: in a second call neither thread makes an iteration.
import threading
import time

stop = threading.Event()


def count_iterations(seconds: float = 0.1) -> dict[str, int]:
    totals = {"a": 0, "b": 0}
    last = None

    def count(name):
        nonlocal last
        n = 0
        while not stop.is_set():
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
    time.sleep(seconds)
    stop.set()
    for t in threads:
        t.join()
    return totals
