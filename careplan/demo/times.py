"""Clock and calendar of the made-up year."""

from datetime import UTC, date, datetime, time, timedelta

from careplan.domain.worktime import OpeningHours, is_open, opens_next
from careplan.i18n import TIME_ZONE


def wall(on: date, clock: time) -> datetime:
    """The instant when a Swedish clock shows this."""
    return datetime.combine(on, clock, TIME_ZONE).astimezone(UTC)


def local_day(at: datetime) -> date:
    return at.astimezone(TIME_ZONE).date()


def office(hours: tuple[str, str]) -> OpeningHours:
    """Weekdays from and to."""
    span = (time.fromisoformat(hours[0]), time.fromisoformat(hours[1]))
    return OpeningHours((span,) * 5 + (None, None))


def later(hours: OpeningHours, at: datetime) -> datetime:
    """The same time when the unit is open then, else some time after it opens next."""
    return at if is_open(hours, at) else opens_next(hours, at) + timedelta(minutes=90)
