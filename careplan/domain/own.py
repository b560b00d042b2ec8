"""What patients write themselves: how it went with what was agreed, notes, questions for the next visit."""

from enum import StrEnum


class ReportResult(StrEnum):
    DONE = "done"
    NOT_WORKING = "not-working"


class NoteKind(StrEnum):
    NOTE = "note"
    QUESTION = "question"


LONGEST_TEXT = 2000
# A wish for contact is read whole in the list of tasks.
LONGEST_WISH = 250
LONGEST_TITLE = 200
