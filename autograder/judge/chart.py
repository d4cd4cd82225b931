"""Speedup against cores, drawn: the answer of a program that should be faster with more of them, and is not.

Virtual time makes the question cheap: the same call, on a modelled computer with 1, 2, 4 and 8 cores. It is only asked
where a check has failed; a program that passes pays nothing.

    speedup by cores
    1  ████  1.0
    2  ████  1.0
    4  ████  1.0   asked for: 2.5
    8  ████  1.0
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from autograder.judge.failure import CheckFailed, Inconclusive
from autograder.judge.run import Run
from autograder.judge.slow import explain_slow
from autograder.model import Speedups

CORES = (1, 2, 4, 8)

CELLS = 4
"""Character cells for a speedup of 1."""

WIDEST = 60
"""Cells of a bar; it ends in … where it would be longer."""


def not_faster(
    message: str,
    run: Run,
    speedup: Callable[[int], float],
    *,
    wanted: float,
    at: int = 4,
    over: Sequence[int] = CORES,
    unit: str = "cores",
) -> CheckFailed:
    """The failure of a ``run`` that should have been ``wanted`` times as fast as one after another, ``at`` 4 cores.

    ``speedup(n)`` is how many times as fast the program is with ``n`` cores, or whatever ``unit`` counts; where it
    fails, the chart has a gap. To be raised by the check.
    """
    finding = explain_slow(run.trace, run.source)
    points = tuple((n, _measured(speedup, n)) for n in over)
    text = f"{message} {finding.message}".strip()
    speedups = Speedups(points, wanted, at, unit)
    return CheckFailed("not parallel", text, run, finding.lines, lanes=finding.lanes, speedups=speedups)


def chart(speedups: Speedups) -> str:
    """A bar for each point, with what is asked for beside the one that the check looked at."""
    label = max(len(str(n)) for n, _ in speedups.points)
    rows = [f"speedup by {speedups.unit}"]
    for n, value in speedups.points:
        if value is None:
            rows.append(f"{n:>{label}}  did not come back")
            continue
        cells = max(1, round(value * CELLS))
        bar = "█" * cells if cells <= WIDEST else "█" * (WIDEST - 1) + "…"
        asked = f"   asked for: {speedups.wanted:g}" if n == speedups.at else ""
        rows.append(f"{n:>{label}}  {bar}  {value:.1f}{asked}")
    return "\n".join(rows)


def _measured(speedup: Callable[[int], float], n: int) -> float | None:
    try:
        return speedup(n)
    except (CheckFailed, Inconclusive):
        return None
