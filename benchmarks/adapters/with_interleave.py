"""interleave-test on a whole file: ``python with_interleave.py FILE N STRATEGY SECONDS``. Prints one line of JSON.

As its documentation says: a model without arguments, run once for each schedule, that starts threads of ``threading``
(replaced within the run), joins them, and asserts.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from pathlib import Path

import interleave_test
from whole_file import loader, printing, serial_outputs

AT_A_TIME = {"random": 20, "pct": 20, "dfs": 1_000_000}
"""Schedules of one search. Only one by lot can be cut into several, each with another seed."""


def main() -> None:
    path, n, strategy, seconds = sys.argv[1], int(sys.argv[2]), sys.argv[3], float(sys.argv[4])
    allowed, _ = serial_outputs(path, n)
    fresh = loader(path)
    begun = time.perf_counter()

    class TimeOut(Exception):
        pass

    def model() -> None:
        if time.perf_counter() - begun > seconds:
            raise TimeOut
        with printing() as text:
            fresh(threading.Thread)(n)
        assert text.text in allowed, text.text

    schedules, seed, kind, exhausted = 0, 0, "", False
    # Its own clock stands still within a run, so perf_counter, which it leaves alone, tells when time is up.
    while not kind and not exhausted and time.perf_counter() - begun < seconds:
        try:
            found = interleave_test.explore(
                model, iterations=AT_A_TIME[strategy], seed=seed, strategy=strategy, exclude=[Path(__file__).parent]
            )
            schedules += found.schedules_run
            exhausted = bool(found.exhausted)
        except interleave_test.InterleaveError as error:
            schedules += error.result.schedules_run
            if "TimeOut" not in str(error):
                kind = type(error).__name__
            break
        seed += 1
    took = time.perf_counter() - begun
    print(json.dumps({"kind": kind, "schedules": schedules, "seconds": took, "exhausted": exhausted, "note": ""}))


if __name__ == "__main__":
    main()
