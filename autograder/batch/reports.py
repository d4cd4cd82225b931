"""What lies in ``OUT/ID``: all that is known of one submission, so that its reports can be made again without judging.

- the file as it was judged, under the assignment's name (``OUT/ID/pool_fib.py``; of a notebook, its code): what a
  person opens, what `autograder replay` takes, what `autograder similar` compares
- ``evidence.json``: the machine's own result with all its findings and drawings, before any person's decision, and
  which content it is about
- ``feedback.txt``, ``feedback.html``, ``results.json``: made of these two and of the last decision (`overrides`)

Each is written whole or not at all, ``results.json`` last.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath

import msgspec

from autograder import overrides
from autograder.batch.journal import Journal, content_key
from autograder.model import Assignment, Result, Submission
from autograder.notebook import MAX_NOTEBOOK, NotebookError, is_notebook, python_of
from autograder.overrides import Decision, Overrides
from autograder.report import gradebook, gradescope
from autograder.report.feedback import feedback
from autograder.report.page import feedback_page
from autograder.report.text import write_whole

EVIDENCE = "evidence.json"
LARGEST = 1 << 20
"""Bytes of a file that are kept, as many as are judged."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The machine's result, the name of the file that is handed in, and the key of the content it is about."""

    result: Result
    file: str
    content: str


def texts(result: Result, submission: Submission, assignment: Assignment, source: bytes | None) -> dict[str, str]:
    """The evidence and the reports of a result that nobody has decided about, by their file names. ``source`` is that
    of the submission, or of one with the same content."""
    found = Evidence(result, assignment.file, key_of(submission))
    return {EVIDENCE: _dumps(found), **_made(found, source, None)}


def write(
    out: Path, submission: Submission, file: str, texts: Mapping[str, str], decision: Decision | None
) -> dict[str, str]:
    """Writes the file that was handed in, and its `texts` with what a person decided. Returns the SHA-256 of each by
    its name; the folder is the caller's to have on the disk."""
    folder = out / submission.id
    source = source_of(submission.path)
    if decision is not None and (found := _loads(texts[EVIDENCE])) is not None:
        texts = {**texts, **_made(found, source, decision)}
    written = {}
    if source is None:
        (folder / file).unlink(missing_ok=True)
    else:
        written[file] = write_whole(folder / file, source)
    return written | {name: write_whole(folder / name, text) for name, text in texts.items()}


def key_of(submission: Submission) -> str:
    """Stands for the content handed in, wherever it lies."""
    key = content_key(submission)
    return key if not key.startswith("unread:") else "unread"


def source_of(path: Path | None) -> bytes | None:
    """The Python that was handed in, its beginning if it is too large to be judged. None where there is none."""
    if path is None:
        return None
    notebook = is_notebook(path.name)
    try:
        with path.open("rb") as file:
            content = file.read(MAX_NOTEBOOK if notebook else LARGEST)
        return python_of(content).source.encode("utf-8", "replace")[:LARGEST] if notebook else content
    except (OSError, NotebookError):
        return None


def evidence(folder: Path) -> Evidence | None:
    """The evidence in the folder of a submission; None where there is none, or none that this version understands."""
    try:
        return _loads((folder / EVIDENCE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def decided(evidence: Evidence, decision: Decision | None) -> Result:
    """The result as it goes into the reports."""
    return overrides.apply(evidence.result, evidence.content, decision)


def remake(out: Path, id: str, evidence: Evidence, decision: Decision | None, journal: Journal) -> gradebook.Row:
    """Makes the reports of a submission again after a decision. Returns its row."""
    folder = out / id
    made = _made(evidence, _kept(folder, evidence.file), decision)
    written = {name: write_whole(folder / name, text) for name, text in made.items()}
    entry = journal.entries.get(id)
    if entry is not None:
        journal.add(id, entry.key, {**entry.reports, **written})
    return gradebook.row(gradescope.results(decided(evidence, decision), evidence.file))


def stale(out: Path, log: Overrides, rows: Mapping[str, gradebook.Row]) -> Iterator[tuple[str, Evidence]]:
    """The submissions with a decision that their reports, or their ``rows`` in grades.csv, do not show yet, or no
    longer should: what a kill between the decision and the last report leaves."""
    for id in sorted(log.by_id):
        folder = out / PurePath(id).name
        found = evidence(folder) if folder.is_dir() else None
        if found is None:
            continue
        report = gradescope.results(decided(found, log.latest(id)), found.file)
        wanted, cell = gradescope.dumps(report), gradebook.row(report).get("override", "")
        try:
            there = (folder / "results.json").read_text(encoding="utf-8")
        except (OSError, ValueError):
            there = ""
        if there != wanted or (id in rows and rows[id].get("override", "") != cell):
            yield id, found


def _made(evidence: Evidence, source: bytes | None, decision: Decision | None) -> dict[str, str]:
    result, file = decided(evidence, decision), evidence.file
    return {
        "feedback.txt": feedback(result, file),
        "feedback.html": feedback_page(result, file, source),
        "results.json": gradescope.dumps(gradescope.results(result, file)),
    }


def _loads(text: str) -> Evidence | None:
    try:
        return msgspec.convert(json.loads(text), Evidence)
    except (ValueError, RecursionError):  # msgspec's errors are ValueErrors
        return None


def _dumps(evidence: Evidence) -> str:
    # ASCII, as results.json is: what a submission printed may be no text that UTF-8 can hold.
    return json.dumps(msgspec.to_builtins(evidence), sort_keys=True, ensure_ascii=True, separators=(",", ":")) + "\n"


def _kept(folder: Path, file: str) -> bytes | None:
    try:
        with (folder / PurePath(file).name).open("rb") as kept:
            return kept.read(LARGEST)
    except OSError:
        return None
