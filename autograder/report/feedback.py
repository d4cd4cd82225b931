"""feedback.txt: what the student reads.

A check is one line, a passed one ``✓ title (3/3)``; beneath one that is not passed stands why: the finding, the run
drawn as lanes, and the command that shows the run again.

Who sees what: feedback.txt is handed back by a person after grading, so that checks with the visibility
``after_due_date`` and ``after_published`` are in it. A hidden check is not: neither its title nor its points nor, since
it could be told from the difference, the total; the sum over the checks that are shown stands there instead, and says
that it is not the whole.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from datetime import datetime

from autograder.model import Finding, Outcome, Override, Result, Status, Verdict, Visibility
from autograder.report.text import harmless, one_line, points, wrapped

MARKS = {Outcome.PASSED: "✓", Outcome.FAILED: "✗", Outcome.INCONCLUSIVE: "?", Outcome.ERROR: "!"}

REVIEW = "A person will look at this submission before its points count."
BROKEN = (
    "This submission could not be graded. That is a fault of the grader and says nothing about your program; "
    "a person will look at it."
)
MORE_COUNT = "Further checks count too and are not shown, so this is not the total."
NONE_SHOWN = "The checks of this assignment are not shown."
GIVEN = "set by a person"
_UNDECIDED = {
    Outcome.INCONCLUSIVE: "Not decided: a limit of real time ended the run before there was a result.",
    Outcome.ERROR: "Not decided: the grader itself failed here.",
}


def feedback(result: Result, file: str = "") -> str:
    """The text of feedback.txt. ``file`` is the name of the file handed in, for the replay commands."""
    file = file_of(result, file)
    shown = shown_checks(result)
    lines = [f"Assignment  {result.assignment}", f"Submission  {one_line(result.submission)}"]
    if score := points_line(result, shown):
        lines += [f"Points      {score}", ""]
    if result.verdicts and not shown:
        lines += ["", NONE_SHOWN, ""]
    elif len(shown) < len(result.verdicts):
        lines += [MORE_COUNT, ""]
    for paragraph in late_lines(result, len(shown) == len(result.verdicts)) + remarks(result):
        lines += [*wrapped(harmless(paragraph)), ""]
    for verdict in shown:
        lines += check_lines(verdict, file, problem=result.problem, seen=result.override is not None)
    return "\n".join(lines).rstrip("\n") + "\n"


def check_lines(verdict: Verdict, file: str, *, problem: str | None = None, seen: bool = False) -> list[str]:
    """One check: the line with its title and points, and beneath it the explanation, with an empty line after it."""
    score, most = points(verdict.score), points(verdict.check.points)
    given = "" if verdict.given is None else f", {GIVEN}"
    head = f"{MARKS[verdict.outcome]} {title_of(verdict)} ({score}/{most}{given})"
    below = [f"    {line}".rstrip() for line in explanation(verdict, file, problem=problem, seen=seen)]
    return [*wrapped(head, hang="  "), *below, *([""] if below else [])]


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of an explanation. ``drawn`` text keeps its lines and columns; a ``command`` is one to be typed."""

    text: str
    drawn: bool = False
    command: bool = False


def undecided(outcome: Outcome, *, seen: bool = False) -> str:
    """What is said of a check that was not decided, "" of any other. ``seen``: a person has looked."""
    if outcome not in _UNDECIDED:
        return ""
    rest = "has looked at it" if seen else "will look at it"
    return f"{_UNDECIDED[outcome]} That says nothing about your program; a person {rest}."


def parts(verdict: Verdict, file: str, *, problem: str | None = None, seen: bool = False) -> list[Part]:
    """Why a check is not passed, or what was searched for a passed one.

    ``problem`` is why the whole submission could not be checked. It has been told once, above, and is not repeated.
    ``seen``: a person has looked at the submission.
    """
    told: list[Part] = []
    if text := undecided(verdict.outcome, seen=seen):
        told.append(Part(text))
    finding = verdict.finding
    if verdict.scope:
        told.append(Part(f"Tried: {verdict.scope}."))
    if verdict.outcome is Outcome.PASSED or finding is None or (problem is not None and finding.message == problem):
        return told
    told.append(Part(harmless(finding.message + places(finding))))
    if finding.lanes:
        told.append(Part(harmless(finding.lanes.strip("\n"), 8000), drawn=True))
    if finding.schedule:
        # Not cut, whatever its length: half a schedule is none. The judge made it, so it is bounded.
        schedule = shlex.quote(harmless(finding.schedule, len(finding.schedule)))
        told.append(Part(f"autograder replay {shlex.quote(harmless(file))} {schedule}", command=True))
    return told


def explanation(verdict: Verdict, file: str, *, problem: str | None = None, seen: bool = False) -> list[str]:
    """The `parts` as lines without indentation."""
    lines: list[str] = []
    for part in parts(verdict, file, problem=problem, seen=seen):
        if part.command:
            lines += ["", f"See it again:  {part.text}"]
        elif part.drawn:
            lines += ["", *part.text.split("\n")]
        else:
            lines += wrapped(part.text, width=96)
    return lines


def title_of(verdict: Verdict) -> str:
    """The check's title; for a check without one, its name as words."""
    return one_line(verdict.title) or verdict.check.name.replace("_", " ")


def file_of(result: Result, file: str) -> str:
    """The name of the file handed in. By the course's contract an assignment's file is named like it."""
    return file or f"{result.assignment}.py"


def shown_checks(result: Result) -> list[Verdict]:
    """The verdicts that a student may see when the feedback is handed back."""
    return [verdict for verdict in result.verdicts if verdict.check.visibility is not Visibility.HIDDEN]


def public_checks(result: Result) -> list[Verdict]:
    """The verdicts that a student may see at any time."""
    return [verdict for verdict in result.verdicts if verdict.check.visibility is Visibility.VISIBLE]


def points_line(result: Result, shown: list[Verdict]) -> str:
    """The points that may be told: all of them, or those of the checks that are ``shown``; "" where none is."""
    if len(shown) == len(result.verdicts):
        if result.override is not None and result.override.score is not None:
            checks = f"the checks gave {points(result.earned)}"
            return f"{points(result.score)} of {points(result.max_score)} ({GIVEN}; {checks})"
        less = f" (earned {points(result.earned)}, less for being late)" if result.score != result.earned else ""
        return f"{points(result.score)} of {points(result.max_score)}{less}"
    return f"{_sum(shown)} for the checks shown here" if shown else ""


def _sum(verdicts: list[Verdict]) -> str:
    score = sum(verdict.score for verdict in verdicts)
    return f"{points(score)} of {points(sum(verdict.check.points for verdict in verdicts))}"


def remarks(result: Result) -> list[str]:
    """What is to be said of the whole submission, beside the points."""
    return standing(result) + [f"Note: {note}" for note in result.notes]


def late_lines(result: Result, total: bool = False) -> list[str]:
    """What being late costs; nothing for a hand-in in time. ``total`` names the points that remain, which must not be
    done where some checks are hidden."""
    late = result.lateness
    if late is None or late.in_time:
        return []
    when = f"Late: handed in {moment(late.submitted)}, due {moment(late.due)}"
    if result.override is not None and result.override.score is not None:
        return [f"{when}; the points that count are those that a person has set."]
    if late.percent >= 100:
        rule = "that is after the last day on which anything was taken: no points count."
    elif late.days == 0:
        rule = "that is within the time of grace and costs nothing."
    else:
        days = "1 day" if late.days == 1 else f"{late.days} days"
        rule = f"{days} begun, which cost {points(late.percent)} % of the points."
    if not total or result.status is Status.BROKEN or not late.days:
        return [f"{when}; {rule}"]
    return [f"{when}; {rule} Of {points(result.earned)} points, {points(result.score)} count."]


def moment(time: datetime) -> str:
    """With the offset, so that nobody has to ask whose clock it is."""
    return f"{time:%Y-%m-%d %H:%M} (UTC{time:%z})"


def standing(result: Result) -> list[str]:
    """What the student should know before the single checks: that they were not run and why, who looks at it."""
    if result.status is Status.BROKEN:
        return [BROKEN]  # its problem, if it has one, is the grader's
    problem = [] if result.problem is None else [f"Your program could not be checked: {result.problem}"]
    if result.override is not None:
        return [*problem, decided(result.override)]
    return problem + ([REVIEW] if result.status is Status.REVIEW else [])


def decided(override: Override) -> str:
    """What a person decided, in a sentence for the student."""
    if override.score is not None:
        what = " and has set its points"
    elif override.checks:
        what = " and has given points for single checks"
    else:
        what = "; its points stand as they are"
    return f"{one_line(override.by, 80) or 'A person'} has looked at this submission{what}: {override.reason}"


def places(finding: Finding) -> str:
    """The lines that the finding points at, unless its message names them itself."""
    if not finding.lines or all(re.search(rf"\b{line}\b", finding.message) for line in finding.lines):
        return ""
    numbers = [str(line) for line in finding.lines]
    listed = f"s {', '.join(numbers[:-1])} and {numbers[-1]}" if len(numbers) > 1 else f" {numbers[0]}"
    return f"\nSee line{listed}."
