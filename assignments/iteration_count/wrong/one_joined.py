# fails: both_threads_joined
# Only thread a is joined. Thread b often ends at about the same time, but nothing says so.
import threading
import time


def count_iterations(seconds: float = 0.1) -> dict[str, int]:
    totals = {"a": 0, "b": 0}
    state = {"last": None}
    end = time.perf_counter() + seconds

    def count(name):
        n = 0
        while time.perf_counter() < end:
            if state["last"] != name:
                if n:
                    print(f"{n} iterations in thread {name}")
                n = 0
                state["last"] = name
            n += 1
            totals[name] += 1
        print(f"{n} iterations in thread {name}")

    a = threading.Thread(target=count, args=("a",))
    b = threading.Thread(target=count, args=("b",))
    b.start()
    a.start()
    a.join()
    return totals
