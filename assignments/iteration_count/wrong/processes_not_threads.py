# fails: example_threads, example_totals, both_threads_at_once, both_threads_joined, counts_add_up
# Processes instead of threads: they share no memory, so the totals in the parent stay 0.
import multiprocessing
import time

totals = {"a": 0, "b": 0}
last = None


def count(name, end):
    global last
    n = 0
    while time.time() < end:
        if last != name:
            if n:
                print(f"{n} iterations in thread {name}")
            n = 0
            last = name
        n += 1
        totals[name] += 1
    print(f"{n} iterations in thread {name}")


def count_iterations(seconds: float = 0.1) -> dict[str, int]:
    end = time.time() + seconds
    processes = [multiprocessing.Process(target=count, args=(name, end)) for name in "ab"]
    for p in processes:
        p.start()
    for p in processes:
        p.join()
    return totals
