"""What people decided about submissions, for good: the log of `autograder review`, and what a decision makes of a
result.

``OUT/overrides.jsonl`` has a line of JSON for each decision, forced to the disk before any report changes. Lines are
only ever added; the last one about a submission holds, and a withdrawal is a line of its own. Grading never writes
here, so that a decision outlives ``--again``, the deletion of every report, and a kill: a last line without its line
end is a decision that nobody was told of, and none. Any other line that can't be read is refused rather than passed
over, because a person's word is in it.

**A decision is about what the person saw.** It holds while the same content is handed in. It asks for a person again,
with the decision in words, where

- another content has been handed in since;
- it gave points for a check that is no longer there, or more than the check (or the whole) is now worth;
- it let the points stand, and they are others now, or there is a reason to look that the person did not have;
- the submission could not be graded at all, and it did not say how many points count.

Until then the result is the machine's own.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from autograder.model import Outcome, Override, Result, Status
from autograder.report.text import one_line, points

NAME = "overrides.jsonl"


class OverridesError(Exception):
    """A log of decisions that can't be read or written: says where, what was found and what is allowed."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One line of the log. ``content`` is that of the file it is about (`batch.journal.content_key`); ``stood`` are the
    points that the machine gave then (None: it could not grade), ``reviews`` the reasons to look that it had. Without
    an ``override`` the earlier decision is withdrawn. ``when`` is a time in UTC, for the history alone."""

    id: str
    when: str
    content: str
    override: Override | None
    stood: float | None = None
    reviews: tuple[str, ...] = ()
    why: str = ""  # a withdrawal's reason
    by: str = ""  # who withdrew


@dataclass(slots=True)
class Overrides:
    """All decisions of a folder, by submission, the oldest first."""

    path: Path
    by_id: Mapping[str, Sequence[Decision]] = field(default_factory=dict)

    def latest(self, id: str) -> Decision | None:
        """The decision that holds for a submission, if what is handed in is still what it is about."""
        decisions = self.by_id.get(id)
        return decisions[-1] if decisions and decisions[-1].override is not None else None


def load(out: Path) -> Overrides:
    """The decisions in a folder; none where there is no log."""
    path = out / NAME
    try:
        body = path.read_bytes()
    except FileNotFoundError:
        return Overrides(path)
    except OSError as error:
        raise OverridesError(f"{path}: can't be read ({error.strerror or error})") from None
    by_id: defaultdict[str, list[Decision]] = defaultdict(list)
    lines = body.split(b"\n")
    for number, line in enumerate(lines[:-1], 1):  # what follows the last line end was never finished
        if not line.strip():
            continue
        try:
            decision = _read(json.loads(line))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise OverridesError(
                f"{path}:{number}: found {one_line(line.decode('utf-8', 'replace'), 60) or 'nothing'}\n"
                "  allowed: the lines that `autograder review` writes, unchanged"
            ) from None
        by_id[decision.id].append(decision)
    return Overrides(path, dict(by_id))


def add(out: Path, decision: Decision) -> None:
    """Writes a decision down. It is on the disk when this returns. One process at a time may do so."""
    path = out / NAME
    try:
        new = not path.exists()
        with path.open("ab+") as file:
            end = file.seek(0, os.SEEK_END)
            if end:
                file.seek(end - 1)
                if file.read(1) != b"\n":
                    _cut_torn(file, end)
            file.write(json.dumps(_written(decision), sort_keys=True).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        if new:
            _sync_folder(out)
    except OSError as error:
        raise OverridesError(f"{path}: can't be written ({error.strerror or error})") from None


def apply(result: Result, content: str, decision: Decision | None) -> Result:
    """The machine's result with what a person decided, or with the reason why a person has to decide again."""
    if decision is None or decision.override is None:
        return result
    override = decision.override
    changed = _changed(result, content, decision)
    if changed:
        reason = f"{changed} since a person decided ({in_short(override)}): decide again"
        status = Status.REVIEW if result.status is Status.GRADED else result.status
        return replace(result, status=status, reviews=(*result.reviews, reason))
    given = dict(override.checks)
    verdicts = tuple(replace(one, given=given.get(one.check.name)) for one in result.verdicts)
    return replace(result, status=Status.GRADED, verdicts=verdicts, override=override)


def in_short(override: Override) -> str:
    """What was decided, on one line."""
    if override.score is not None:
        what = f"{points(override.score)} points"
    elif override.checks:
        what = ", ".join(f"{points(value)} points for {check}" for check, value in override.checks)
    else:
        what = "the points stand"
    by = f"{one_line(override.by, 80)}: " if override.by else ""
    return f"{by}{what}, {one_line(override.reason, 200)}"


def machine_score(result: Result) -> float | None:
    """The points of a result that nobody has decided about; None for one that could not be graded."""
    return None if result.status is Status.BROKEN else result.score


def _changed(result: Result, content: str, decision: Decision) -> str:
    """What is no longer so, and "" where all is as it was."""
    override = decision.override
    assert override is not None
    if content != decision.content:
        return "another file has been handed in"
    if override.score is not None:
        return f"the whole is worth {points(result.max_score)} points" if override.score > result.max_score else ""
    if result.status is Status.BROKEN:
        return "the submission can't be graded any more"
    if override.checks:
        worth = {one.check.name: one.check.points for one in result.verdicts}
        for check, value in override.checks:
            if check not in worth:
                return f"the check {check} is gone"
            if value > worth[check]:
                return f"the check {check} is worth {points(worth[check])} points"
        return ""
    if decision.stood is None or abs(decision.stood - result.score) > 1e-6:
        was = "none" if decision.stood is None else points(decision.stood)
        return f"the points are {points(result.score)} and were {was}"
    return "there is a new reason to look" if set(result.reviews) - set(decision.reviews) else ""


def undecided_checks(result: Result) -> list[str]:
    """The checks that the machine did not decide."""
    return [one.check.name for one in result.verdicts if one.outcome in (Outcome.ERROR, Outcome.INCONCLUSIVE)]


# --- the lines -----------------------------------------------------------------------------------------------------


def _written(decision: Decision) -> dict[str, Any]:
    override = decision.override
    about: dict[str, Any] = {"id": decision.id, "when": decision.when, "content": decision.content}
    if override is None:
        return about | {"decision": "withdrawn", "reason": decision.why, "by": decision.by}
    return about | {
        "decision": "score" if override.score is not None else "checks" if override.checks else "stands",
        "reason": override.reason,
        "by": override.by,
        "score": override.score,
        "checks": dict(override.checks),
        "stood": decision.stood,
        "reviews": list(decision.reviews),
    }


def _read(line: Mapping[str, Any]) -> Decision:
    id, when, content = str(line["id"]), str(line["when"]), str(line["content"])
    if line["decision"] == "withdrawn":
        return Decision(id, when, content, None, why=str(line["reason"]), by=str(line["by"]))
    score, stood = line["score"], line["stood"]
    checks = tuple((str(check), _number(value)) for check, value in line["checks"].items())
    override = Override(str(line["reason"]), str(line["by"]), None if score is None else _number(score), checks)
    kind = "score" if override.score is not None else "checks" if checks else "stands"
    if kind != line["decision"]:
        raise ValueError(f"a decision of the kind {line['decision']!r}")
    return Decision(
        id, when, content, override, None if stood is None else _number(stood), tuple(map(str, line["reviews"]))
    )


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e9:
        raise ValueError(f"{value!r} is no number of points")
    return float(value)


def _cut_torn(file: Any, end: int) -> None:
    """Takes away what a kill left of a line, so that it spoils none after it."""
    file.seek(0)
    whole = file.read(end).rfind(b"\n") + 1
    file.truncate(whole)
    file.seek(0, os.SEEK_END)


def _sync_folder(folder: Path) -> None:
    """Has the new file's name on the disk, too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
