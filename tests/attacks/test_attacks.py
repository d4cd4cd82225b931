"""Hostile submissions, each graded from end to end in three settings. Nothing may leak, be forged, stop the judge or be
left behind."""

from __future__ import annotations

from typing import Any

import pytest

from tests.attacks.arena import PROGRAMS, header
from tests.attacks.settings import ROOT, SETTINGS, attacks_of

GROUPS = sorted(folder.name for folder in PROGRAMS.iterdir() if folder.is_dir())
EXPECTED = {"failed", "passed", "inconclusive", "review", "any"}


def test_every_attack_says_what_is_expected() -> None:
    headers = {program: header(program) for program in PROGRAMS.glob("*/*.py")}
    assert len(headers) >= 200
    assert all(found["attack"] and found["expects"] in EXPECTED for found in headers.values())


def test_the_page_counts_them() -> None:
    page = (ROOT / "docs" / "security.md").read_text()
    for group in GROUPS:
        assert f"| {group} | {len(list((PROGRAMS / group).glob('*.py')))} |" in page


def wrong(line: dict[str, Any]) -> str:
    """What an attack achieved that it must not; "" if nothing."""
    expects, points = line["expects"], line["score"]
    for what in ("crash", "leak", "changed", "survivors", "left", "neighbour", "mistake"):
        if line.get(what):
            return f"{what}: {line[what]}"
    if points and expects not in ("passed", "review"):
        return "forged points"
    if expects == "review":
        return "" if line["status"] == "review" else "nobody looks at it"
    if line["says"] not in line["why"]:
        return f"does not say {line['says']!r}: {line['why']}"
    return "" if expects in ("any", line["outcome"]) else f"{line['outcome']}, expected {expects}: {line['why']}"


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("setting", SETTINGS)
def test_attacks(setting: str, group: str) -> None:
    lines, left, errors = attacks_of(setting, group)
    assert len(lines) == len(list((PROGRAMS / group).glob("*.py"))), f"the judge was stopped: {errors[-2000:]}"
    assert {line["name"]: found for line in lines if (found := wrong(line))} == {}
    assert left == []
