# fails: example_totals, counts_add_up, given_time_slices
# The count in a row is never set back to 0: each line repeats what earlier lines have said.
import threading
import time


def count_iterations(seconds: float = 0.1) -> dict[str, int]:
    totals = {"a": 0, "b": 0}
    last = None
    end = time.perf_counter() + seconds

    def count(name):
        nonlocal last
        while time.perf_counter() < end:
            if last != name:
                if totals[name]:
                    print(f"{totals[name]} iterations in thread {name}")
                last = name
            totals[name] += 1
        print(f"{totals[name]} iterations in thread {name}")

    threads = [threading.Thread(target=count, args=(name,)) for name in "ab"]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return totals
