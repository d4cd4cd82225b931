"""The words of a failure are the same wherever and whenever the program runs."""

from __future__ import annotations

from pathlib import Path
from tempfile import gettempdir

import pytest

from autograder.judge.failure import listed, shown, times
from autograder.judge.primes import why_prime


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


@pytest.mark.parametrize(
    ("names", "most", "text"),
    [
        ("", 4, ""),
        ("a", 4, "a"),
        ("abcd", 4, "a, b, c and d"),
        ("abcde", 4, "a, b, c, d and 1 more"),
        ("abcde", 1, "a and 4 more"),
        ("abcde", None, "a, b, c, d and e"),
    ],
)
def test_names_in_a_row(names: str, most: int | None, text: str) -> None:
    assert listed(names, most) == text


def test_times() -> None:
    assert [times(number) for number in range(4)] == ["not at all", "once", "twice", "3 times"]


@pytest.mark.parametrize(
    ("n", "got", "why"),
    [
        (1, True, "The smallest prime is 2."),
        (7, False, "Only 1 and 7 divide 7."),
        (49, True, "49 is 7 times 7."),
        (49, None, ""),
    ],
)
def test_why_a_number_is_prime_or_not(n: int, got: object, why: str) -> None:
    assert why_prime(n, got) == why
