"""What the layers of the sandbox cost a run: from asking the launcher for a guest that ends at once to having swept it.

Beside it a plain fork of this process, which is what there would be without layers, taken in turns with it. The target
is at most 10 ms more. The least time is printed too: on a busy machine it says more than the median. A session is
a run of the world, with its folders and the conversation of the import.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable
from statistics import median

from autograder.sandbox.host import Launcher
from autograder.world import wire
from autograder.world.session import Program, Session, Settings
from autograder.world.strategies import NonPreemptive

RUNS = 200
TARGET = 10.0


def timed(*actions: Callable[[], None]) -> list[tuple[float, float]]:
    """Median and least milliseconds of each, taken in turns."""
    took: list[list[float]] = [[] for _ in actions]
    for _ in range(RUNS):
        for times, action in zip(took, actions, strict=True):
            began = time.perf_counter()
            action()
            times.append(1000 * (time.perf_counter() - began))
    return [(median(times), min(times)) for times in took]


def main() -> None:
    with Launcher() as world, Launcher("probe") as launcher:
        work, scratch = launcher.folders()
        boot = wire.Boot("nothing", b"", str(work), str(scratch))
        null = os.open(os.devnull, os.O_WRONLY)

        def run() -> None:
            ours, theirs = socket.socketpair()
            ours.close()  # the guest finds nothing to do, and ends
            with theirs:
                launcher.fork(boot, theirs, null)
            launcher.sweep()

        def session() -> None:
            with Session(world, Program("program", b""), Settings(), NonPreemptive()):
                pass

        run()
        session()
        plain, layered, whole = timed(fork, run, session)
        print(f"layers: {', '.join(launcher.layers)}")
    print(f"a plain fork         {plain[0]:6.2f} ms (least {plain[1]:.2f})")
    print(f"a fork in all layers {layered[0]:6.2f} ms (least {layered[1]:.2f})")
    print(f"a session            {whole[0]:6.2f} ms (least {whole[1]:.2f})")
    over, least = layered[0] - plain[0], layered[1] - plain[1]
    verdict = "met" if over <= TARGET else "missed"
    print(f"over a plain fork    {over:6.2f} ms (least {least:.2f}); the target, at most {TARGET:g} ms, is {verdict}")


def fork() -> None:
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)


if __name__ == "__main__":
    main()
