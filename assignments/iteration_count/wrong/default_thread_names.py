# fails: example_lines, line_form, both_threads_at_once
# The threads are called Thread-1 (count) and Thread-2 (count) in the output: nobody named them a and b.
import threading
import time


def count_iterations(seconds: float = 0.1) -> dict[str, int]:
    totals = {}
    last = None
    end = time.perf_counter() + seconds

    def count(key):
        nonlocal last
        name = threading.current_thread().name
        n = total = 0
        while time.perf_counter() < end:
            if last != name:
                if n:
                    print(f"{n} iterations in thread {name}")
                n = 0
                last = name
            n += 1
            total += 1
        print(f"{n} iterations in thread {name}")
        totals[key] = total

    threads = [threading.Thread(target=count, args=(key,)) for key in "ab"]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return totals
