"""What the layers of the sandbox cost a run: the median time from asking the launcher for a guest to having swept it.

Beside it a plain fork of this process, which is what there would be without layers. The target is at most 10 ms more.
The least time of all is printed too: on a busy machine it says more than the median.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from statistics import median

from autograder.sandbox.host import Launcher
from autograder.world.session import Program, Session, Settings
from autograder.world.strategies import NonPreemptive

RUNS = 200
TARGET = 10.0


def timed(action: Callable[[], None]) -> tuple[float, float]:
    """Median and least milliseconds."""
    took = []
    for _ in range(RUNS):
        began = time.perf_counter()
        action()
        took.append(1000 * (time.perf_counter() - began))
    return median(took), min(took)


def main() -> None:
    with Launcher() as launcher:

        def run() -> None:
            with Session(launcher, Program("program", b""), Settings(), NonPreemptive()):
                pass

        run()
        layered = timed(run)
        names = launcher.layers
    plain = timed(fork)
    print(f"layers: {', '.join(names)}")
    print(f"a plain fork             {plain[0]:6.2f} ms (least {plain[1]:.2f})")
    print(f"a run in all layers      {layered[0]:6.2f} ms (least {layered[1]:.2f}), the conversation with it included")
    over = layered[0] - plain[0]
    verdict = "met" if over <= TARGET else "missed"
    print(f"over a plain fork        {over:6.2f} ms; the target, at most {TARGET:g} ms, is {verdict}")


def fork() -> None:
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)


if __name__ == "__main__":
    main()
