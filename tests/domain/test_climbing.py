"""When overdue tasks climb, over weekends, Easter, midsummer and the nights when the clock changes."""

from datetime import UTC, datetime, time, timedelta

import pytest

from careplan.domain.climbing import Step, climbs_at, step_at
from careplan.domain.tasks import TaskKind, due_at
from careplan.domain.triage import Level
from careplan.domain.worktime import OpeningHours

CLINIC = OpeningHours(((time(8), time(16)),) * 5 + (None, None))
CLOSED = OpeningHours((None,) * 7)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("due", "cover", "unit", "alarm"),
    [
        ("2026-11-02T09:00", "2026-11-03T09:00", "2026-11-04T09:00", "2026-11-05T09:00"),
        ("2026-11-05T09:00", "2026-11-06T09:00", "2026-11-09T09:00", "2026-11-10T09:00"),
        # Wednesday before Easter: Thursday, then the Tuesday and Wednesday after it.
        ("2026-04-01T08:00", "2026-04-02T08:00", "2026-04-07T08:00", "2026-04-08T08:00"),
        # Wednesday before midsummer eve.
        ("2026-06-17T08:00", "2026-06-18T08:00", "2026-06-22T08:00", "2026-06-23T08:00"),
        # Summer time begins and ends over the weekend: the wall clock stands, the instant moves.
        ("2026-03-26T09:00", "2026-03-27T09:00", "2026-03-30T08:00", "2026-03-31T08:00"),
        ("2026-10-22T08:00", "2026-10-23T08:00", "2026-10-26T09:00", "2026-10-27T09:00"),
    ],
)
def test_what_is_not_red_climbs_a_step_each_working_day(due: str, cover: str, unit: str, alarm: str) -> None:
    for step, moment in ((Step.COVER, cover), (Step.UNIT, unit), (Step.ALARM, alarm)):
        assert climbs_at(step, TaskKind.FLAG, Level.YELLOW, at(due), CLINIC) == at(moment)
        assert step_at(TaskKind.FLAG, Level.YELLOW, at(due), CLINIC, at(moment)) is step
        just_before = at(moment) - timedelta(microseconds=1)
        assert step_at(TaskKind.FLAG, Level.YELLOW, at(due), CLINIC, just_before) == step - 1


@pytest.mark.parametrize(
    ("due", "unit", "alarm"),
    [
        ("2026-11-02T09:00", "2026-11-02T11:00", "2026-11-02T13:00"),
        ("2026-11-06T14:00", "2026-11-09T08:00", "2026-11-09T10:00"),
        ("2026-04-02T13:00", "2026-04-07T07:00", "2026-04-07T09:00"),
        ("2026-06-18T13:00", "2026-06-22T07:00", "2026-06-22T09:00"),
    ],
)
def test_what_is_red_climbs_within_working_hours(due: str, unit: str, alarm: str) -> None:
    assert climbs_at(Step.COVER, TaskKind.FLAG, Level.RED, at(due), CLINIC) == at(due)
    assert climbs_at(Step.UNIT, TaskKind.FLAG, Level.RED, at(due), CLINIC) == at(unit)
    assert climbs_at(Step.ALARM, TaskKind.FLAG, Level.RED, at(due), CLINIC) == at(alarm)


def test_in_thirty_months_nothing_overdue_stands_still() -> None:
    came = at("2026-01-01T08:00")
    while came < at("2028-07-01T00:00"):
        due = due_at(TaskKind.CONTACT, None, came, CLINIC)
        assert step_at(TaskKind.CONTACT, None, due, CLINIC, due - timedelta(seconds=1)) is Step.OWNER
        # The longest stretch without three working days is over Christmas and the new year.
        assert step_at(TaskKind.CONTACT, None, due, CLINIC, due + timedelta(days=14)) is Step.ALARM
        came += timedelta(hours=37)


def test_a_unit_without_hours_climbs_by_office_hours() -> None:
    due = due_at(TaskKind.FLAG, Level.RED, at("2026-11-02T09:00"), CLOSED)
    assert due == at("2026-11-02T11:00")
    assert climbs_at(Step.ALARM, TaskKind.FLAG, Level.RED, due, CLOSED) == at("2026-11-02T15:00")
