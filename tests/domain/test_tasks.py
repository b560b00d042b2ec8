"""When tasks are due, how they may end, and in what order they stand."""

from datetime import UTC, datetime, time

import pytest

from careplan.domain.tasks import MissingLevel, Outcome, TaskKind, Urgency, due_at, outcomes_for, urgency_rank
from careplan.domain.triage import Level
from careplan.domain.worktime import OpeningHours

CLINIC = OpeningHours(((time(8), time(16)),) * 5 + (None, None))
RED, YELLOW = Level.RED, Level.YELLOW


@pytest.mark.parametrize(
    ("kind", "level", "arrived", "due"),
    [
        (TaskKind.FLAG, RED, "2026-11-06T14:00", "2026-11-09T08:00"),
        (TaskKind.FLAG, YELLOW, "2026-11-06T14:00", "2026-11-10T14:00"),
        (TaskKind.RESPONSE, None, "2026-11-02T09:00", "2026-11-04T09:00"),
        (TaskKind.CONTACT, None, "2026-11-02T09:00", "2026-11-04T09:00"),
        (TaskKind.SILENCE, None, "2026-11-02T09:00", "2026-11-04T09:00"),
        (TaskKind.PAPER, None, "2026-11-02T09:00", "2026-11-03T09:00"),
        (TaskKind.REVIEW, None, "2026-11-02T05:00", "2026-11-02T15:00"),
        (TaskKind.REVIEW, None, "2026-11-07T05:00", "2026-11-09T15:00"),
    ],
)
def test_each_kind_has_its_response_time(kind: TaskKind, level: Level | None, arrived: str, due: str) -> None:
    def at(text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)

    assert due_at(kind, level, at(arrived), CLINIC) == at(due)


def test_a_flag_without_a_level_is_refused() -> None:
    with pytest.raises(MissingLevel):
        due_at(TaskKind.FLAG, None, datetime(2026, 11, 2, tzinfo=UTC), CLINIC)
    with pytest.raises(MissingLevel):
        urgency_rank(TaskKind.FLAG, None, None)
    with pytest.raises(MissingLevel):
        outcomes_for(TaskKind.FLAG, None)


def test_the_list_is_ordered_by_need_and_then_by_the_patients_wish() -> None:
    ordered = [
        (TaskKind.FLAG, RED, Urgency.TODAY),
        (TaskKind.FLAG, RED, None),
        (TaskKind.FLAG, YELLOW, Urgency.TODAY),
        (TaskKind.FLAG, YELLOW, Urgency.WEEK),
        (TaskKind.FLAG, YELLOW, Urgency.WAIT),
        (TaskKind.CONTACT, None, Urgency.TODAY),
        (TaskKind.CONTACT, None, None),
        (TaskKind.PAPER, None, None),
        (TaskKind.REVIEW, None, None),
        (TaskKind.SILENCE, None, None),
        (TaskKind.RESPONSE, None, "today"),
        (TaskKind.RESPONSE, None, "wait"),
    ]
    ranks = [urgency_rank(kind, level, urgency) for kind, level, urgency in ordered]
    assert ranks == sorted(set(ranks))


def test_a_wish_that_is_not_known_is_an_error() -> None:
    with pytest.raises(ValueError, match="soon"):
        urgency_rank(TaskKind.CONTACT, None, "soon")


def test_a_flag_cannot_be_ended_by_mere_reading() -> None:
    for level in Level:
        assert Outcome.ACKNOWLEDGED not in outcomes_for(TaskKind.FLAG, level)
    assert outcomes_for(TaskKind.RESPONSE, None)[0] is Outcome.ACKNOWLEDGED


@pytest.mark.parametrize("kind", TaskKind)
def test_every_kind_can_end(kind: TaskKind) -> None:
    outcomes = outcomes_for(kind, RED if kind is TaskKind.FLAG else None)
    assert len(outcomes) == len(set(outcomes)) >= 2
    assert Outcome.NO_ACTION in outcomes
