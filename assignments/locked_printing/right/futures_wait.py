"""Executor and futures.wait; results looked at; RLock taken in a nested way; kwargs."""

import threading
from concurrent.futures import ALL_COMPLETED, ThreadPoolExecutor, wait
from functools import partial

LOCK = threading.RLock()


def _one(text: str) -> None:
    with LOCK:
        print(text, end=" ")


def print_multiple(text: str, n: int) -> None:
    for _ in range(n):
        print(text, end=" ")
    print("")


def print_multiple_locked(text: str, n: int) -> None:
    with LOCK:
        for _ in range(n):
            _one(text)
        print("")


def print_all(texts, n: int, locked: bool = True) -> None:
    texts = list(texts)
    if not texts:
        return
    job = partial(print_multiple_locked if locked else print_multiple, n=n)
    with ThreadPoolExecutor(max_workers=len(texts)) as pool:
        futures = [pool.submit(job, text) for text in texts]
        wait(futures, return_when=ALL_COMPLETED)
