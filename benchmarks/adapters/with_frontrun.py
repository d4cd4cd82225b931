"""frontrun on a whole file: ``frontrun python with_frontrun.py FILE N STRATEGY SECONDS``. Prints one line of JSON.

As its documentation says: a state, workers that get it, and an invariant. It controls its workers and no other thread,
so main() is one of them and each thread that main() makes is another: ``start`` and ``join`` are locks between them.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from typing import Any

import frontrun
from whole_file import Text, loader, serial_outputs


class State:
    """One run: the file's module made anew, and a stand-in for each thread that its main() will make."""

    def __init__(self, fresh: Any, threads: int) -> None:
        self.gates = [threading.Lock() for _ in range(2 * threads)]
        for gate in self.gates:
            gate.acquire()
        self.calls: list[Any] = []
        state = self

        class Thread:
            def __init__(
                self, group: Any = None, target: Any = None, name: Any = None, args: Any = (), kwargs: Any = None
            ):
                self.number = len(state.calls)
                state.calls.append(lambda: target(*args, **(kwargs or {})))

            def start(self) -> None:
                state.gates[2 * self.number].release()

            def join(self, timeout: Any = None) -> None:
                state.gates[2 * self.number + 1].acquire()

        self.main = fresh(Thread)
        self.text = sys.stdout = Text()  # type: ignore[assignment]

    def thread(self, number: int) -> None:
        self.gates[2 * number].acquire()
        try:
            self.calls[number]()
        finally:
            self.gates[2 * number + 1].release()


def main() -> None:
    path, n, strategy, seconds = sys.argv[1], int(sys.argv[2]), sys.argv[3], float(sys.argv[4])
    allowed, threads = serial_outputs(path, n)
    fresh = loader(path)
    workers: list[Any] = [lambda state: state.main(n)]
    workers += [lambda state, number=number: state.thread(number) for number in range(threads)]
    begun = time.perf_counter()
    stdout = sys.stdout
    found = frontrun.explore(
        setup=lambda: State(fresh, threads),
        workers=workers,
        invariant=lambda state: state.text.text in allowed,
        strategy=strategy,
        total_timeout=seconds,
        reproduce_on_failure=0,
        **({"seed": 0, "max_attempts": 10_000} if strategy == "random" else {}),
    )
    took = time.perf_counter() - begun
    sys.stdout = stdout
    holds = found.property_holds
    kind = "" if holds is not False else "deadlock" if "deadlock" in str(found.explanation).lower() else "invariant"
    # What it says of a search that its time ended is a pass all the same, so the clock has to tell.
    exhausted = holds is True and took < seconds
    note = "" if holds is not None else str(found.inconclusive_reason or "inconclusive")
    print(
        json.dumps(
            {"kind": kind, "schedules": found.num_explored, "seconds": took, "exhausted": exhausted, "note": note}
        )
    )


if __name__ == "__main__":
    main()
