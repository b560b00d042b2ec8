"""A unit's opening hours and the due times counted in them. UTC in, UTC out."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from holidays.constants import DE_FACTO, PUBLIC
from holidays.countries.sweden import Sweden

from careplan.domain.errors import CareplanError

# Further away than this a unit counts as never open.
_HORIZON = timedelta(days=366)


class NeverOpen(CareplanError):
    """The hours have no opening within a year."""


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """Opening and closing per weekday, Monday first. None is closed; a closing not after the opening is next day's."""

    weekly: tuple[tuple[time, time] | None, ...]
    zone: str = "Europe/Stockholm"
    extra_closed: frozenset[date] = frozenset()


# What a unit without hours is counted by, so that nothing there is without a due time.
OFFICE_HOURS = OpeningHours(((time(8), time(16)),) * 5 + (None, None))


@dataclass(frozen=True, slots=True)
class _Opening:
    """One stretch of open time, and the working day it belongs to."""

    day: date
    opens_at: datetime
    closes_at: datetime


def counted(hours: OpeningHours, at: datetime) -> OpeningHours:
    """The hours to count due times by: a unit that does not open within a year counts as open 8 to 16 on weekdays."""
    return hours if next(_openings(hours, at), None) is not None else OFFICE_HOURS


def is_open(hours: OpeningHours, at: datetime) -> bool:
    opening = next(_openings(hours, at), None)
    return opening is not None and opening.opens_at <= at


def opens_next(hours: OpeningHours, at: datetime) -> datetime:
    """The next opening; `at` itself when it is open."""
    return max(at, _opening_at_or_after(hours, at).opens_at)


def closes(hours: OpeningHours, at: datetime) -> datetime:
    """The closing of the opening that `at` is in, or of the next one."""
    return _opening_at_or_after(hours, at).closes_at


def add_working_hours(hours: OpeningHours, at: datetime, n: float) -> datetime:
    """The hours run while the unit is open; what arrives outside hours counts from the next opening."""
    left = timedelta(hours=n)
    end = at
    for opening in _openings(hours, at):
        start = max(at, opening.opens_at)
        end = min(start + left, opening.closes_at)
        left -= end - start
        if not left:
            return end
    # Each gap between openings is short, so only hours that do not open again get here.
    raise NeverOpen


def add_working_days(hours: OpeningHours, at: datetime, n: int) -> datetime:
    """The same time of day n open days later, within that day's hours."""
    zone = ZoneInfo(hours.zone)
    openings = _openings(hours, at)
    first = next(openings, None)
    if first is None:
        raise NeverOpen
    start = max(at, first.opens_at).astimezone(zone)
    last = first
    for _ in range(n):
        following = next((opening for opening in openings if opening.day > last.day), None)
        if following is None:
            raise NeverOpen
        last = following
    wall = datetime.combine(last.day + (start.date() - first.day), start.time().replace(fold=0), zone).astimezone(UTC)
    return min(max(wall, last.opens_at), last.closes_at)


def working_time_left(hours: OpeningHours, at: datetime, due: datetime) -> timedelta:
    """Open time until due. After it: minus the time since, at night too, since late is late."""
    if at > due:
        return due - at
    left = timedelta()
    for opening in _openings(hours, at):
        if opening.opens_at >= due:
            break
        left += min(opening.closes_at, due) - max(opening.opens_at, at)
    return left


def _opening_at_or_after(hours: OpeningHours, at: datetime) -> _Opening:
    opening = next(_openings(hours, at), None)
    if opening is None:
        raise NeverOpen
    return opening


def _openings(hours: OpeningHours, at: datetime) -> Iterator[_Opening]:
    """Openings that end after `at`, in order; they stop where none follows within a year of the one before."""
    zone = ZoneInfo(hours.zone)
    # An opening may have begun the day before and end after midnight.
    day = at.astimezone(zone).date() - timedelta(days=1)
    last_seen = day
    while day - last_seen <= _HORIZON:
        span = None if _is_closed_day(hours, day) else hours.weekly[day.weekday()]
        if span is not None:
            opening = _opening(day, span, zone)
            if opening.closes_at > at:
                last_seen = day
                yield opening
        day += timedelta(days=1)


def _opening(day: date, span: tuple[time, time], zone: ZoneInfo) -> _Opening:
    opens, closing = span
    closing_day = day if closing > opens else day + timedelta(days=1)
    return _Opening(
        day,
        datetime.combine(day, opens, zone).astimezone(UTC),
        datetime.combine(closing_day, closing, zone).astimezone(UTC),
    )


def _is_closed_day(hours: OpeningHours, day: date) -> bool:
    return day in hours.extra_closed or day in _holidays(day.year)


@cache
def _holidays(year: int) -> frozenset[date]:
    """Public holidays and the eves of midsummer, Christmas and the new year. Sundays are the unit's own matter."""
    return frozenset(Sweden(years=year, include_sundays=False, categories=(PUBLIC, DE_FACTO)))
