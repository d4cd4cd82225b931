# fails: counts_add_up
# A count of 1 is taken for none: it is neither printed nor added to the next one.
import threading
import time


def count_iterations(seconds: float = 0.1) -> dict[str, int]:
    totals = {"a": 0, "b": 0}
    ran_last = None

    def count(name):
        nonlocal ran_last
        in_a_row = 0
        while time.perf_counter() < end:
            if ran_last != name:
                if in_a_row > 1:
                    print(f"{in_a_row} iterations in thread {name}")
                in_a_row = 0
                ran_last = name
            in_a_row += 1
            totals[name] += 1
        print(f"{in_a_row} iterations in thread {name}")

    threads = [threading.Thread(target=count, args=(name,)) for name in totals]
    end = time.perf_counter() + seconds
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return totals


if __name__ == "__main__":
    print(count_iterations())
