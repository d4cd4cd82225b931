"""The shortest failing schedule: delta debugging over the switches of one that fails.

Source: Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", TSE 2002.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from autograder.world.strategies import Switch

Failure = TypeVar("Failure")


def fewest(switches: list[Switch], fails: Callable[[list[Switch]], Failure | None], budget: int) -> Failure | None:
    """The failure under as few of the switches as at most ``budget`` runs find; ``fails`` makes one run, and gives
    None where it does not fail. None where not even all the switches do."""
    found = fails([])
    if found is not None:
        return found
    best = switches
    found = fails(best)
    budget -= 2
    if found is None:
        return None
    size = max(1, len(best) // 2)
    while budget > 0:
        start, shrunk = 0, False
        while start < len(best) and budget > 0:
            shorter = best[:start] + best[start + size :]
            again = fails(shorter) if shorter else None
            budget -= bool(shorter)
            if again is not None:
                # The next ones have moved up to where these were; what stands before them was asked already.
                best, found, shrunk = shorter, again, True
            else:
                start += size
        if size == 1 and not shrunk:
            break
        size = max(1, size // 2)
    return found
