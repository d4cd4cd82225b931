"""ThreadPoolExecutor with as_completed and partial; a threading.local for the counts in a row."""

import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import partial
from threading import local


def loop(name, shared, end):
    mine = local()
    mine.row = 0
    total = 0
    while True:
        if time.perf_counter() >= end:
            break
        if shared["last"] != name:
            if mine.row != 0:
                print(f"{mine.row} iterations in thread {name}")
                total += mine.row
                mine.row = 0
            shared["last"] = name
        mine.row += 1
    if mine.row:
        print(f"{mine.row} iterations in thread {name}")
    return name, total + mine.row


def count_iterations(seconds: float = 0.1) -> dict[str, int]:
    if seconds < 0:
        raise ValueError("seconds must not be negative")
    job = partial(loop, shared={"last": None}, end=time.perf_counter() + seconds)
    totals = {"a": 0, "b": 0}
    with ThreadPoolExecutor(max_workers=2) as pool:
        for future in as_completed([pool.submit(job, name) for name in totals]):
            name, total = future.result()
            totals[name] = total
    return totals
