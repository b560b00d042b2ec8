"""When a patient is reminded of a form, and when silence is told to the nurse."""

from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

# The first word goes out when the form opens; it is reminded of after two and after five days. Days and hours are our
# own proposal, not yet agreed with a clinic.
REMINDED_AFTER = (timedelta(days=2), timedelta(days=5))
QUIET_FROM, QUIET_TO = time(20, 0), time(8, 0)
SILENT_AFTER = timedelta(days=7)
# Post takes its time in both directions.
SILENT_ON_PAPER = timedelta(days=10)
# A form that comes every week is told of when it was missed twice: one week is no silence.
SHORT = timedelta(days=8)
# Who was badly off and does not answer may be worse.
SILENT_AFTER_SEVERE = timedelta(days=2)
SEVERE_WITHIN = timedelta(days=30)


class PauseReason(StrEnum):
    """Why a patient wants no forms for a time."""

    TIRED = "tired"
    AWAY = "away"
    TOO_OFTEN = "too-often"
    UNWANTED = "unwanted"
    OTHER = "other"


PAUSES: dict[str, timedelta] = {
    "two-weeks": timedelta(days=14),
    "month": timedelta(days=30),
    "three-months": timedelta(days=91),
}


def is_quiet(at: datetime, zone: ZoneInfo) -> bool:
    """Whether people are left in peace at this hour."""
    clock = at.astimezone(zone).time()
    return clock >= QUIET_FROM or clock < QUIET_TO


def after_quiet(at: datetime, zone: ZoneInfo) -> datetime:
    """The moment itself, or the morning after the quiet hours that it lies in; also across a change of the clock."""
    wall = at.astimezone(zone)
    if not is_quiet(at, zone):
        return at
    day = wall.date() + timedelta(days=1 if wall.time() >= QUIET_FROM else 0)
    return datetime.combine(day, QUIET_TO, zone).astimezone(at.tzinfo)


def reminders_due(opens_at: datetime, at: datetime) -> int:
    """How many reminders should have gone out by now."""
    return sum(1 for after in REMINDED_AFTER if opens_at + after <= at)


def silent_at(opens_at: datetime, closes_at: datetime, *, on_paper: bool, after_severe: bool) -> datetime:
    """When an unanswered form is told of: not later than when it closes."""
    waited = SILENT_AFTER_SEVERE if after_severe else SILENT_ON_PAPER if on_paper else SILENT_AFTER
    # Paper may come after the closing day, too.
    return opens_at + waited if on_paper and not after_severe else min(opens_at + waited, closes_at)


def is_silence(opens_at: datetime, closes_at: datetime, last_sent_at: datetime | None) -> bool:
    """Whether an unanswered form is one: not from somebody who has sent something else since, or just missed a week."""
    if last_sent_at is None:
        return True
    spared = SHORT if closes_at - opens_at <= SHORT else timedelta(0)
    return last_sent_at < opens_at - spared
