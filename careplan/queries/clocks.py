"""How much working time a task has left, and when a unit last closed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from careplan.domain.worktime import OpeningHours, closes, counted, working_time_left
from careplan.i18n import local


@dataclass(frozen=True, slots=True)
class Left:
    """Working time until due, negative when late, and on how many open days after this one it may still be done."""

    due_at: datetime
    time: timedelta
    days: int


def time_left(hours: OpeningHours, at: datetime, due_at: datetime) -> Left:
    """The clock stands still while the unit is closed."""
    hours = counted(hours, at)
    day, last = local(at).replace(hour=0, minute=0, second=0, microsecond=0), local(due_at).date()
    days = 0
    while day.date() < last:
        day += timedelta(days=1)
        days += local(closes(hours, day)).date() == day.date()
    return Left(due_at, working_time_left(hours, at, due_at), days)


def last_closing(hours: OpeningHours, at: datetime) -> datetime:
    """When the unit last closed on a day before this one; a week ago where it has not been open since."""
    hours = counted(hours, at)
    midnight = local(at).replace(hour=0, minute=0, second=0, microsecond=0)
    for back in range(1, 8):
        day = midnight - timedelta(days=back)
        closing = closes(hours, day)
        if local(closing).date() == day.date():
            return closing
    return at - timedelta(days=7)
