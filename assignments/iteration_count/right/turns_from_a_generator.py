# right: each thread gets its turns from a generator that has a loop of its own; try/finally prints the last count

import itertools
import threading
import time


def ticks(deadline):
    for i in itertools.count():
        if time.perf_counter() > deadline:
            return
        yield i


def count_iterations(seconds: float = 0.1) -> dict[str, int]:
    last: list[str] = []
    result: dict[str, int] = {}

    def body(me: str) -> None:
        streak = 0
        done = 0
        try:
            for _ in ticks(stop_at):
                if last and last[-1] != me:
                    print(streak, "iterations in thread", me)
                    done += streak
                    streak = 0
                last[:] = [me]
                streak += 1
        finally:
            print(streak, "iterations in thread", me)
            result[me] = done + streak

    stop_at = time.perf_counter() + seconds
    pair = threading.Thread(target=body, args=("a",)), threading.Thread(target=body, args=("b",))
    [t.start() for t in pair]
    [t.join() for t in pair]
    return {"a": result["a"], "b": result["b"]}
