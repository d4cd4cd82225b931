# right: a lock around the look at the shared variable, in every iteration; results come back through a queue
import queue
import sys
import threading
import time

lock = threading.Lock()


def run(name, end, shared, results):
    count = total = 0
    while time.perf_counter() < end:
        with lock:
            switched = shared["last"] not in (None, name)
            shared["last"] = name
        if switched and count:
            print(f"{count} iterations in thread {name}")
            count = 0
        count += 1
        total += 1
    print(f"{count} iterations in thread {name}")
    results.put((name, total))


def count_iterations(seconds: float = 0.1) -> dict[str, int]:
    results = queue.Queue()
    shared = {"last": None}
    interval = sys.getswitchinterval()
    sys.setswitchinterval(0.001)  # more switches, more lines
    try:
        end = time.perf_counter() + seconds
        threads = [threading.Thread(target=run, args=(name, end, shared, results)) for name in "ab"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    return dict(sorted(results.get() for _ in threads))


if __name__ == "__main__":
    print(count_iterations(0.1))
