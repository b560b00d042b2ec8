"""Opening hours over weekends, holidays and the two nights when the clock changes. Instants are UTC."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from careplan.domain.worktime import (
    NeverOpen,
    OpeningHours,
    add_working_days,
    add_working_hours,
    closes,
    is_open,
    opens_next,
    working_time_left,
)

DAY = (time(8), time(16))
CLINIC = OpeningHours((DAY, DAY, DAY, DAY, (time(8), time(14)), None, None))
WARD = OpeningHours(((time(0), time(0)),) * 7)
NIGHTS = OpeningHours(((time(21), time(7)),) * 7)
CLOSED = OpeningHours((None,) * 7)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("2026-11-02T06:59", False),
        ("2026-11-02T07:00", True),
        ("2026-11-02T14:59", True),
        ("2026-11-02T15:00", False),
        ("2026-11-06T12:59", True),
        ("2026-11-06T13:00", False),
        ("2026-11-07T10:00", False),
        ("2026-07-01T06:00", True),
        ("2026-04-03T09:00", False),
        ("2026-04-06T09:00", False),
        ("2026-06-19T09:00", False),
        ("2026-12-24T09:00", False),
        ("2026-12-31T09:00", False),
        ("2026-06-05T09:00", True),
        ("2027-01-06T09:00", False),
    ],
)
def test_the_clinic_is_open_in_its_hours_but_not_on_holidays(when: str, expected: bool) -> None:
    assert is_open(CLINIC, at(when)) is expected


@pytest.mark.parametrize(
    ("when", "opens"),
    [
        ("2026-11-02T10:00", "2026-11-02T10:00"),
        ("2026-11-02T05:00", "2026-11-02T07:00"),
        ("2026-11-02T15:00", "2026-11-03T07:00"),
        # Maundy Thursday evening to the Tuesday after Easter.
        ("2026-04-02T14:00", "2026-04-07T06:00"),
        # The Thursday before midsummer eve to Monday.
        ("2026-06-18T14:00", "2026-06-22T06:00"),
        # The weekend when summer time ends: 8 is now 07 UTC.
        ("2026-10-23T12:00", "2026-10-26T07:00"),
    ],
)
def test_the_next_opening_passes_over_closed_days(when: str, opens: str) -> None:
    assert opens_next(CLINIC, at(when)) == at(opens)


@pytest.mark.parametrize(
    ("when", "hours", "due"),
    [
        ("2026-11-02T08:00", 2, "2026-11-02T10:00"),
        ("2026-11-02T14:00", 2, "2026-11-03T08:00"),
        ("2026-11-02T13:00", 2, "2026-11-02T15:00"),
        ("2026-11-06T12:30", 2, "2026-11-09T08:30"),
        ("2026-11-07T03:00", 2, "2026-11-09T09:00"),
        ("2026-04-02T13:00", 2, "2026-04-07T07:00"),
        ("2026-06-18T13:30", 2, "2026-06-22T07:30"),
        ("2026-12-23T14:00", 2, "2026-12-28T08:00"),
        ("2026-11-02T08:00", 0, "2026-11-02T08:00"),
        ("2026-11-02T04:00", 0, "2026-11-02T07:00"),
        ("2026-11-02T08:00", 0.5, "2026-11-02T08:30"),
    ],
)
def test_working_hours_run_only_while_the_clinic_is_open(when: str, hours: float, due: str) -> None:
    assert add_working_hours(CLINIC, at(when), hours) == at(due)


@pytest.mark.parametrize(
    ("when", "days", "due"),
    [
        ("2026-11-02T09:30", 2, "2026-11-04T09:30"),
        ("2026-11-02T18:00", 2, "2026-11-05T07:00"),
        ("2026-11-05T09:30", 2, "2026-11-09T09:30"),
        ("2026-11-07T12:00", 2, "2026-11-11T07:00"),
        # Across the end of summer time the wall clock stands still: 10 is 08 UTC before, 09 after.
        ("2026-10-23T08:00", 1, "2026-10-26T09:00"),
        ("2026-03-27T09:00", 1, "2026-03-30T08:00"),
        ("2026-04-01T08:00", 2, "2026-04-07T08:00"),
        ("2026-06-17T08:00", 2, "2026-06-22T08:00"),
        ("2026-12-23T09:00", 2, "2026-12-29T09:00"),
        # 15.30 on Wednesday is after Friday's closing at 14.
        ("2026-11-04T14:30", 2, "2026-11-06T13:00"),
        ("2026-11-02T09:30", 0, "2026-11-02T09:30"),
    ],
)
def test_working_days_end_at_the_same_wall_time_on_an_open_day(when: str, days: int, due: str) -> None:
    assert add_working_days(CLINIC, at(when), days) == at(due)


@pytest.mark.parametrize(
    ("when", "hours", "due"),
    [
        # 29 March 2026: 02 becomes 03. Two hours are still two hours.
        ("2026-03-29T00:00", 2, "2026-03-29T02:00"),
        # 25 October 2026: 03 becomes 02 again.
        ("2026-10-24T23:30", 2, "2026-10-25T01:30"),
    ],
)
def test_working_hours_are_real_hours_in_both_nights_of_the_clock(when: str, hours: float, due: str) -> None:
    assert add_working_hours(WARD, at(when), hours) == at(due)
    assert add_working_hours(NIGHTS, at(when), hours) == at(due)


def test_a_due_time_that_the_clock_skips_moves_on_by_the_hour() -> None:
    # 02.30 does not exist on 29 March; it falls where 03.30 summer time is.
    assert add_working_days(WARD, at("2026-03-28T01:30"), 1) == at("2026-03-29T01:30")


def test_a_time_that_comes_twice_means_the_first() -> None:
    assert add_working_days(WARD, at("2026-10-24T00:30"), 1) == at("2026-10-25T00:30")


def test_an_opening_over_midnight_belongs_to_the_day_it_began() -> None:
    # 02.00 on Saturday is Friday's night; one working day later is 02.00 on Sunday.
    assert is_open(NIGHTS, at("2026-11-07T01:00"))
    assert closes(NIGHTS, at("2026-11-07T01:00")) == at("2026-11-07T06:00")
    assert add_working_days(NIGHTS, at("2026-11-07T01:00"), 1) == at("2026-11-08T01:00")


def test_closing_is_that_of_the_running_or_the_next_opening() -> None:
    assert closes(CLINIC, at("2026-11-02T10:00")) == at("2026-11-02T15:00")
    assert closes(CLINIC, at("2026-11-06T18:00")) == at("2026-11-09T15:00")


def test_extra_closed_days_are_passed_over() -> None:
    moving = OpeningHours(CLINIC.weekly, extra_closed=frozenset({date(2026, 11, 3)}))
    assert add_working_hours(moving, at("2026-11-02T14:00"), 2) == at("2026-11-04T08:00")


@pytest.mark.parametrize(
    ("now", "due", "left"),
    [
        ("2026-11-02T08:00", "2026-11-02T10:00", timedelta(hours=2)),
        ("2026-11-02T14:00", "2026-11-03T08:00", timedelta(hours=2)),
        ("2026-11-06T18:00", "2026-11-09T08:00", timedelta(hours=1)),
        ("2026-11-02T10:00", "2026-11-02T10:00", timedelta(0)),
        ("2026-11-02T10:30", "2026-11-02T10:00", timedelta(minutes=-30)),
        ("2026-11-02T20:00", "2026-11-02T15:00", timedelta(hours=-5)),
    ],
)
def test_time_left_counts_open_time_and_is_negative_when_late(now: str, due: str, left: timedelta) -> None:
    assert working_time_left(CLINIC, at(now), at(due)) == left


def test_a_unit_that_never_opens_says_so() -> None:
    for ask in (
        lambda: opens_next(CLOSED, at("2026-11-02T10:00")),
        lambda: closes(CLOSED, at("2026-11-02T10:00")),
        lambda: add_working_hours(CLOSED, at("2026-11-02T10:00"), 2),
        lambda: add_working_days(CLOSED, at("2026-11-02T10:00"), 2),
    ):
        with pytest.raises(NeverOpen):
            ask()
    assert not is_open(CLOSED, at("2026-11-02T10:00"))
    assert working_time_left(CLOSED, at("2026-11-02T10:00"), at("2026-11-03T10:00")) == timedelta(0)


def test_results_are_in_utc() -> None:
    when = datetime(2026, 11, 2, 9, tzinfo=UTC)
    for result in (add_working_hours(CLINIC, when, 2), add_working_days(CLINIC, when, 2), closes(CLINIC, when)):
        assert result.tzinfo is UTC
