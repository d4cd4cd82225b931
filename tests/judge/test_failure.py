"""The words of a failure are the same wherever and whenever the program runs."""

from __future__ import annotations

from pathlib import Path
from tempfile import gettempdir

import pytest

from autograder.judge.failure import shown


@pytest.mark.parametrize("cut", range(40, 121, 4))
def test_a_long_value_does_not_show_the_folder_of_the_run(cut: int) -> None:
    """Wherever the value is cut: the folder's name is another on each machine, and its number on each run."""
    one, other = (
        [str(Path(gettempdir(), f"autograder-{name}", str(run), "work", "comics", f"{n}.jpg")) for n in (100, 101, 102)]
        for name, run in (("a8h_31z", 9), ("x", 1234))
    )
    assert shown(one, cut) == shown(other, cut)
    assert "comics/10" in shown(one, cut)


def test_a_very_long_value_is_cut() -> None:
    assert shown("x" * 100_000, 60) == "'" + "x" * 27 + " … " + "x" * 27 + "'"
