"""What must hold for opening hours at any instant of some years."""

from datetime import UTC, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from careplan.domain.worktime import (
    OpeningHours,
    add_working_days,
    add_working_hours,
    closes,
    is_open,
    opens_next,
    working_time_left,
)

DAY = (time(8), time(16, 30))
UNITS = st.sampled_from(
    [
        OpeningHours((DAY, DAY, DAY, DAY, (time(8), time(12)), None, None)),
        OpeningHours(((time(0), time(0)),) * 7),
        OpeningHours(((time(21), time(7)),) * 7),
        OpeningHours((None, (time(13), time(15)), None, None, None, None, None)),
    ]
)
START = datetime(2025, 1, 1, tzinfo=UTC)
INSTANTS = st.timedeltas(timedelta(0), timedelta(days=1800)).map(lambda passed: START + passed)


@given(UNITS, INSTANTS)
def test_the_next_opening_is_open_and_comes_before_its_closing(hours: OpeningHours, at: datetime) -> None:
    opens = opens_next(hours, at)
    assert opens >= at
    assert is_open(hours, opens)
    assert opens < closes(hours, at)
    assert is_open(hours, at) == (opens == at)


@given(UNITS, INSTANTS, st.integers(1, 40))
def test_what_is_added_in_working_hours_is_what_is_left(hours: OpeningHours, at: datetime, n: int) -> None:
    due = add_working_hours(hours, at, n)
    assert due >= at + timedelta(hours=n)
    assert working_time_left(hours, at, due) == timedelta(hours=n)


@given(UNITS, INSTANTS, st.integers(1, 5))
def test_more_working_days_are_always_later_and_end_in_open_time(hours: OpeningHours, at: datetime, n: int) -> None:
    due = add_working_days(hours, at, n)
    assert at < due < add_working_days(hours, at, n + 1)
    assert is_open(hours, due - timedelta(microseconds=1)) or is_open(hours, due)
