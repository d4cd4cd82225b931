"""A lock around each turn of the loop: slow, but right; a semaphore starts both."""

import threading
from time import perf_counter as now

lock = threading.Lock()


def count_iterations(seconds: float = 0.1) -> dict[str, int]:
    state = {"last": "", "end": 0.0}
    result = {}

    def count(name):
        row, total = 0, 0
        while now() < state["end"]:
            with lock:
                if state["last"] != name:
                    if row > 0:
                        print(row, "iterations in thread", name)
                    row = 0
                    state["last"] = name
                row += 1
                total += 1
        with lock:
            print(row, "iterations in thread", name)
            result[name] = total

    state["end"] = now() + seconds
    ts = [threading.Thread(target=count, args=n) for n in "ab"]
    [t.start() for t in ts]
    [t.join() for t in ts]
    return {"a": result["a"], "b": result["b"]}
