"""Active handover: what may become of it, its four parts, and how long each step may take."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum

from careplan.domain.errors import CareplanError
from careplan.domain.tasks import ResponseTimes
from careplan.domain.worktime import OpeningHours, add_working_days, add_working_hours, counted

# Whose care the patient comes into; the kind of event that stands in the plan when it has happened.
REASONS: tuple[str, ...] = ("primary-care", "unit-change", "new-caregiver")
# The patient comes back on suspicion of relapse: this is what stands in the plan then.
BACK = "unit-change"

PARTS: tuple[str, ...] = ("situation", "background", "current", "recommendation")
LONGEST_PART = 1500
# Of the treatment summary that was signed last: what the receiver keeps an eye on, and whom to ask.
FROM_SUMMARY: tuple[str, ...] = ("late_effects", "alarm", "follow_up", "who_does_what", "phone")
# One A4 in small type: so many characters on a line, and lines for the four parts and what follows along.
CHARACTERS, LINES = 78, 40

# A patient who comes back on suspicion of relapse: working hours until somebody answers, and days until contact.
# No unit may choose longer.
BACK_HOURS, BACK_CONTACT_DAYS = 2, 1


class Status(StrEnum):
    """FHIR's codes. The sender is responsible until it is completed: contact with the patient is confirmed."""

    REQUESTED = "requested"
    ACCEPTED = "accepted"
    COMPLETED = "completed"
    REJECTED = "rejected"
    REVOKED = "revoked"


OPEN = (Status.REQUESTED, Status.ACCEPTED)
FOLLOWING: Mapping[Status, frozenset[Status]] = {
    Status.REQUESTED: frozenset({Status.ACCEPTED, Status.REJECTED, Status.REVOKED}),
    Status.ACCEPTED: frozenset({Status.COMPLETED, Status.REJECTED, Status.REVOKED}),
    Status.COMPLETED: frozenset(),
    Status.REJECTED: frozenset(),
    Status.REVOKED: frozenset(),
}


class PartMissing(CareplanError):
    """A part that says nothing."""

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part


class PartTooLong(CareplanError):
    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part


class LongerThanAPage(CareplanError):
    """More than fits one A4."""

    def __init__(self, lines: int) -> None:
        super().__init__(lines)
        self.lines = lines


def checked(parts: Mapping[str, str], along: Iterable[str] = ()) -> dict[str, str]:
    """The four parts, each with something in it, on one page with what follows `along`."""
    found = {part: parts.get(part, "").replace("\r\n", "\n").strip() for part in PARTS}
    for part, text in found.items():
        if not text:
            raise PartMissing(part)
        if len(text) > LONGEST_PART:
            raise PartTooLong(part)
    over = sum(lines_of(text) for text in (*found.values(), *along)) - LINES
    if over > 0:
        raise LongerThanAPage(over)
    return found


def alongside(summary: Mapping[str, str]) -> dict[str, str]:
    """What of a treatment summary follows along, each part on as few lines as it takes."""
    told = {part: summary.get(part, "").strip() for part in FROM_SUMMARY}
    return {part: "; ".join(line.strip() for line in text.split("\n")) for part, text in told.items() if text}


def lines_of(text: str) -> int:
    """How many lines the text takes on paper."""
    return sum(max(1, -(-len(line) // CHARACTERS)) for line in text.strip().split("\n"))


def answer_due(hours: OpeningHours, times: ResponseTimes, at: datetime, *, is_back: bool) -> datetime:
    """When somebody has accepted or declined, by the working time of the unit that counts."""
    there = counted(hours, at)
    return add_working_hours(there, at, BACK_HOURS) if is_back else add_working_days(there, at, times.handover_days)


def contact_due(hours: OpeningHours, times: ResponseTimes, at: datetime, *, is_back: bool) -> datetime:
    """When the receiver has talked with the patient."""
    return add_working_days(counted(hours, at), at, BACK_CONTACT_DAYS if is_back else times.first_contact_days)
