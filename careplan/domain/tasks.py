"""Work items: what kinds there are, how they may end, when they are due and in what order they stand."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from careplan.domain.errors import CareplanError
from careplan.domain.triage import Level
from careplan.domain.worktime import OpeningHours, add_working_days, add_working_hours, closes, counted


class TaskKind(StrEnum):
    FLAG = "flag"
    RESPONSE = "response"
    CONTACT = "contact"
    MESSAGE = "message"
    REFERRAL = "referral"
    HANDOVER = "handover"
    PAPER = "paper"
    REVIEW = "review"
    SILENCE = "silence"


class Urgency(StrEnum):
    """How soon the patient wants help."""

    TODAY = "today"
    WEEK = "week"
    WAIT = "wait"


class Outcome(StrEnum):
    """How a task ended. Not reaching somebody ends nothing: the task stays open."""

    CALLED = "called"
    ADVISED = "advised"
    BOOKED = "booked"
    PHYSICIAN = "physician"
    REFERRED = "referred"
    KNOWN = "known"
    NO_ACTION = "no-action"
    ACKNOWLEDGED = "acknowledged"
    ENTERED = "entered"
    REVIEWED = "reviewed"
    ANSWERED = "answered"
    ACCEPTED = "accepted"
    RETURNED = "returned"


class MissingLevel(CareplanError):
    """A flag task must say red or yellow."""


class ImpossibleTime(CareplanError):
    """A response time outside what a unit may promise."""

    def __init__(self, name: str, least: int, most: int) -> None:
        super().__init__(name)
        self.name, self.least, self.most = name, least, most


# From a patient's need to an answer: the least and the most that a unit may choose.
LIMITS = {
    "red_hours": (1, 8),
    "yellow_days": (1, 5),
    "message_days": (1, 5),
    "paper_days": (1, 10),
    "handover_days": (1, 5),
    "first_contact_days": (1, 10),
}


@dataclass(frozen=True, slots=True)
class ResponseTimes:
    """A unit's own clock, in its working time. Proposed values, not yet agreed with a clinic."""

    red_hours: int = 2
    yellow_days: int = 2
    message_days: int = 2
    paper_days: int = 1
    handover_days: int = 2  # until a handover is accepted or declined
    first_contact_days: int = 5  # from then until the patient has been spoken to

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            least, most = LIMITS[name]
            if not least <= value <= most:
                raise ImpossibleTime(name, least, most)


USUAL_TIMES = ResponseTimes()
# Whoever opened a task and went away holds it no longer than this.
HELD_FOR = timedelta(minutes=30)
# For all that no unit sets a time of its own for.
OTHER_DAYS = 2

_CONTACTS = (Outcome.CALLED, Outcome.ADVISED, Outcome.BOOKED, Outcome.PHYSICIAN, Outcome.REFERRED)
# The headings of the list, in its order. A stored rank counts them: one put in between needs a migration.
GROUPS = ("now", "see", "contact", "message", "referral", "handover", "paper", "review", "silence", "response")
_LEVEL_GROUPS = {Level.RED: "now", Level.YELLOW: "see"}


def outcomes_for(kind: TaskKind, level: Level | None) -> tuple[Outcome, ...]:
    """The ways this task may end, in the order they are offered."""
    match kind:
        case TaskKind.FLAG:
            _checked(level)
            return (*_CONTACTS, Outcome.KNOWN, Outcome.NO_ACTION)
        case TaskKind.RESPONSE:
            return (Outcome.ACKNOWLEDGED, *_CONTACTS, Outcome.KNOWN, Outcome.NO_ACTION)
        case TaskKind.CONTACT:
            return (*_CONTACTS, Outcome.NO_ACTION)
        case TaskKind.MESSAGE:
            return (Outcome.ANSWERED, *_CONTACTS, Outcome.NO_ACTION)
        case TaskKind.REFERRAL:  # the last ones where it has come back to the one who asked
            return (Outcome.ACCEPTED, Outcome.RETURNED, *_CONTACTS, Outcome.NO_ACTION)
        case TaskKind.HANDOVER:
            return (Outcome.ACCEPTED, Outcome.RETURNED, Outcome.NO_ACTION)
        case TaskKind.PAPER:
            return (Outcome.ENTERED, Outcome.NO_ACTION)
        case TaskKind.REVIEW:
            return (Outcome.REVIEWED, Outcome.BOOKED, Outcome.NO_ACTION)
        case TaskKind.SILENCE:
            return (*_CONTACTS, Outcome.KNOWN, Outcome.NO_ACTION)


def due_at(
    kind: TaskKind, level: Level | None, arrived_at: datetime, hours: OpeningHours, times: ResponseTimes = USUAL_TIMES
) -> datetime:
    """By the unit's hours and response times; a unit without hours is counted as `worktime.counted` says.

    A review is due at the closing of its day, or of the next open day.
    """
    hours = counted(hours, arrived_at)
    match kind:
        case TaskKind.FLAG:
            if _checked(level) is Level.RED:
                return add_working_hours(hours, arrived_at, times.red_hours)
            return add_working_days(hours, arrived_at, times.yellow_days)
        case TaskKind.HANDOVER if level is Level.RED:  # back on suspicion of relapse
            return add_working_hours(hours, arrived_at, times.red_hours)
        case TaskKind.MESSAGE | TaskKind.CONTACT:
            return add_working_days(hours, arrived_at, times.message_days)
        case TaskKind.PAPER:
            return add_working_days(hours, arrived_at, times.paper_days)
        case TaskKind.REVIEW:
            return closes(hours, arrived_at)
        case _:
            return add_working_days(hours, arrived_at, OTHER_DAYS)


def other_holder(held_by_id: UUID | None, held_at: datetime | None, *, me: UUID | None, at: datetime) -> UUID | None:
    """The colleague who has a task open, or has just taken it."""
    if held_by_id is None or held_at is None or held_by_id == me:
        return None
    return held_by_id if held_at > at - HELD_FOR else None


def urgency_rank(kind: TaskKind, level: Level | None, urgency: Urgency | str | None) -> int:
    """Place in the list: the order of `GROUPS`; within each the patient's wish."""
    wish = len(Urgency) if urgency is None else list(Urgency).index(Urgency(urgency))
    return GROUPS.index(group_of(kind, level)) * 10 + wish


def group_of(kind: TaskKind, level: Level | None) -> str:
    """The heading that a task stands under."""
    if kind is TaskKind.HANDOVER and level is not None:
        return _LEVEL_GROUPS[level]
    return _LEVEL_GROUPS[_checked(level)] if kind is TaskKind.FLAG else kind.value


def _checked(level: Level | None) -> Level:
    if level is None:
        raise MissingLevel
    return level
