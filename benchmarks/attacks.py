"""The hostile submissions of the tests as a table by group: how many were graded in each setting, and what any of them
achieved that it must not (a leak, forged points, a stopped judge, something left behind). All of it must be 0."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.attacks.arena import PROGRAMS
from tests.attacks.settings import SETTINGS, attacks_of
from tests.attacks.test_attacks import GROUPS, wrong

ASKED = {
    "leaks": lambda line: line.get("leak"),
    "forged": lambda line: line["score"] and line["expects"] not in ("passed", "review"),
    "crashes": lambda line: line.get("crash"),
    "left": lambda line: line.get("survivors") or line.get("left") or line.get("changed"),
    "else": wrong,
}


def main() -> None:
    print(f"{'':<8}{'group':<9}{'attacks':>8}{'graded':>8}" + "".join(f"{name:>9}" for name in ASKED))
    totals = [0] * (2 + len(ASKED))
    for setting in SETTINGS:
        for group in GROUPS:
            attacks = len(list(Path(PROGRAMS / group).glob("*.py")))
            try:
                lines, left, _ = attacks_of(setting, group)
            except pytest.skip.Exception as reason:
                print(f"{setting:<8}{reason}")
                break
            numbers = [attacks, len(lines), *(sum(bool(is_so(line)) for line in lines) for is_so in ASKED.values())]
            numbers[2 + [*ASKED].index("left")] += len(left)
            totals = [sum(pair) for pair in zip(totals, numbers, strict=True)]
            print(f"{setting:<8}{group:<9}{numbers[0]:>8}{numbers[1]:>8}" + "".join(f"{n:>9}" for n in numbers[2:]))
    print(f"{'all':<17}{totals[0]:>8}{totals[1]:>8}" + "".join(f"{n:>9}" for n in totals[2:]))
    sys.exit(totals[0] != totals[1] or any(totals[2:]))


if __name__ == "__main__":
    main()
