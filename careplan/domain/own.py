"""What patients write themselves: how it went with what was agreed, notes, questions for the next visit."""

import unicodedata
from datetime import date, timedelta
from enum import StrEnum

LONGEST_TEXT = 2000
LONGEST_TITLE = 200
# A wish for contact is read whole in the list of tasks.
LONGEST_WISH = 250
# A day in one's own calendar further away than this is a slip of the finger.
PAST, FUTURE = timedelta(days=20 * 365), timedelta(days=5 * 365)
# What was done longer ago than this is not ticked off any more.
REPORTED = timedelta(days=366)


class ReportResult(StrEnum):
    DONE = "done"
    NOT_WORKING = "not-working"


class NoteKind(StrEnum):
    NOTE = "note"
    QUESTION = "question"


def clean(text: str | None) -> str:
    """What somebody typed or pasted, without what no reader can see and no database keeps: control characters."""
    lines = (text or "").replace("\r\n", "\n").replace("\r", "\n")
    kept = (each for each in lines if each in "\n\t" or unicodedata.category(each) not in ("Cc", "Cs"))
    return "".join(kept).strip()


def is_near(on: date, today: date) -> bool:
    return today - PAST <= on <= today + FUTURE
