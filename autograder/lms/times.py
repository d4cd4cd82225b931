"""Times as LMSs write them for people, read without guessing.

They come without a zone, by the clock of whoever downloaded them, so that what is returned is without one, too: the
course's time zone is put in later (``autograder.lms.collect``). Only English month names are known. A text in another
language is no time rather than a wrong one, and the TA is told.

A text without seconds means the beginning of its minute: in the student's favour.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_CLOCK = r"(?P<hour>\d{1,2})[:.]?(?P<minute>\d\d)(?::(?P<second>\d\d))?\s*(?P<half>[AaPp]\.?[Mm]\.?)?"
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"(?:\w+, )?(?P<day>\d{{1,2}}) (?P<month>[A-Za-z]+) (?P<year>\d{{4}}),? (?:at )?{_CLOCK}",  # Moodle
        rf"(?:\w+, )?(?P<month>[A-Za-z]+) (?P<day>\d{{1,2}}), (?P<year>\d{{4}}),? (?:at )?{_CLOCK}",  # Brightspace
    )
)


def spoken(text: str) -> datetime | None:
    """A time such as ``Monday, 23 November 2026, 10:36 AM`` or ``Sep 24, 2024 926 PM``; None for anything else."""
    text = " ".join(text.split())
    for form in _FORMS:
        match = form.fullmatch(text)
        if match is None or match["month"][:3].lower() not in _MONTHS:
            continue
        hour = int(match["hour"])
        if match["half"]:
            if not 1 <= hour <= 12:
                return None
            hour = hour % 12 + (12 if match["half"][0] in "pP" else 0)
        month = _MONTHS.index(match["month"][:3].lower()) + 1
        try:
            return datetime(  # noqa: DTZ001 - the zone is the course's, put in by the caller
                int(match["year"]), month, int(match["day"]), hour, int(match["minute"]), int(match["second"] or 0)
            )
        except ValueError:
            return None
    return None


def written(text: str) -> datetime | None:
    """A time of ISO 8601 or Ruby (``2026-11-23 10:36:48.123456789 Z``), or Sakai's older 17 digits, which are UTC."""
    text = text.strip()
    if re.fullmatch(r"\d{17}", text, re.ASCII):
        text = f"{text[:8]}T{text[8:14]}.{text[14:]}+00:00"
    match = re.fullmatch(
        r"(\d{4}-?\d\d-?\d\d)[T ](\d\d:?\d\d(?::?\d\d)?)(?:[.,]\d+)?\s*(Z|UTC|[+-]\d\d:?\d\d)?", text, re.ASCII
    )
    if match is None:
        return None
    zone = {"Z": "+00:00", "UTC": "+00:00", None: ""}.get(match[3], match[3])
    try:
        time = datetime.fromisoformat(f"{match[1]}T{match[2]}{zone}")
    except ValueError:
        return None
    return time.astimezone(UTC) if time.tzinfo else time
