from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import needs
from careplan.domain.needs import GoalOutcome, NeedLevel
from careplan.domain.tasks import Outcome, TaskKind
from careplan.library import Library
from careplan.models import Goal, Task
from tests import make, stories

DECEMBER = date(2026, 12, 1)


def set_goal(db: Session, library: Library, clinic: make.Clinic, **more: object) -> Goal:
    plan = stories.signed_plan(db, library, clinic)
    values = {
        "text": "Jag vill orka gå till affären",
        "measure": "Gått 1 200 meter utan vila",
        "review_on": DECEMBER,
        "activities": [
            needs.PlannedActivity("Promenad", "fem dagar i veckan"),
            needs.PlannedActivity("Ringa", "18 november", clinic.practitioner["freja"]),
        ],
        "contact": stories.contact(db, clinic, "astrid"),
        "by": clinic.actor["karin"],
        "at": make.MONDAY,
    } | more
    return needs.set_goal(db, plan, **values)


def review_of(db: Session, goal: Goal) -> Task:
    return db.scalars(sa.select(Task).where(Task.goal_id == goal.id, Task.status != "completed")).one()


def test_levels_are_stored_as_they_were_set_and_no_others(db: Session, library: Library, clinic: make.Clinic) -> None:
    plan = stories.signed_plan(db, library, clinic)
    assessment = needs.assess(
        db,
        plan,
        response_id=None,
        levels={"strength": NeedLevel.PARTICULAR, "meaning": NeedLevel.NONE},
        notes={"strength": "Orkar inte trappan"},
        summary="Samtal på mottagningen",
        by=clinic.actor["karin"],
        at=make.MONDAY,
    )
    stored = {row.area: (row.level, row.note) for row in assessment.levels}
    assert stored == {"strength": (NeedLevel.PARTICULAR, "Orkar inte trappan"), "meaning": (NeedLevel.NONE, "")}


@pytest.mark.parametrize("levels", [{}, {"no-such-area": NeedLevel.BASIC}])
def test_an_assessment_of_nothing_or_of_an_unknown_area_is_refused(
    db: Session, library: Library, clinic: make.Clinic, levels: dict[str, NeedLevel]
) -> None:
    plan = stories.signed_plan(db, library, clinic)
    with pytest.raises((needs.NothingAssessed, needs.UnknownArea)):
        needs.assess(
            db, plan, response_id=None, levels=levels, notes={}, summary="", by=clinic.actor["karin"], at=make.MONDAY
        )


def test_a_goal_keeps_its_activities_in_order_with_who_does_them(
    db: Session, library: Library, clinic: make.Clinic
) -> None:
    goal = set_goal(db, library, clinic)
    assert [(done.text, done.responsible_id) for done in goal.activities] == [
        ("Promenad", None),
        ("Ringa", clinic.practitioner["freja"]),
    ]


def test_a_goal_stands_in_the_list_from_the_opening_of_its_review_day(
    db: Session, library: Library, clinic: make.Clinic
) -> None:
    task = review_of(db, set_goal(db, library, clinic))
    assert task.kind is TaskKind.REVIEW
    assert task.starts_at == datetime(2026, 12, 1, 7, 0, tzinfo=UTC)
    assert task.due_at == datetime(2026, 12, 1, 15, 0, tzinfo=UTC)
    assert task.owner_id == clinic.practitioner["karin"]


def test_a_review_day_on_a_holiday_stands_in_the_list_from_the_next_open_day(
    db: Session, library: Library, clinic: make.Clinic
) -> None:
    task = review_of(db, set_goal(db, library, clinic, review_on=date(2026, 12, 25)))
    assert task.starts_at == datetime(2026, 12, 28, 7, 0, tzinfo=UTC)


def test_a_rehabilitation_professional_looks_back_at_her_own_goal(
    db: Session, library: Library, clinic: make.Clinic
) -> None:
    task = review_of(db, set_goal(db, library, clinic, by=clinic.actor["freja"]))
    assert (task.owner_id, task.cover_id) == (clinic.practitioner["freja"], clinic.practitioner["karin"])


@pytest.mark.parametrize("on", [date(2026, 11, 15), date(2026, 11, 16)])
def test_a_goal_is_not_reviewed_today_or_earlier(db: Session, library: Library, clinic: make.Clinic, on: date) -> None:
    with pytest.raises(needs.ReviewInThePast):
        set_goal(db, library, clinic, review_on=on)


def test_an_activity_is_not_given_to_somebody_of_another_unit(
    db: Session, library: Library, clinic: make.Clinic
) -> None:
    with pytest.raises(needs.UnknownResponsible):
        set_goal(
            db,
            library,
            clinic,
            activities=[needs.PlannedActivity("Ringa", "", clinic.practitioner["lars"])],
        )


def test_a_goal_without_words_is_refused(db: Session, library: Library, clinic: make.Clinic) -> None:
    with pytest.raises(needs.EmptyGoal):
        set_goal(db, library, clinic, text=" ")


def test_looking_back_closes_the_task_and_the_goal(db: Session, library: Library, clinic: make.Clinic) -> None:
    goal = set_goal(db, library, clinic)
    task = review_of(db, goal)
    later = make.MONDAY + timedelta(days=15)
    needs.review(db, goal, outcome=GoalOutcome.ACHIEVED, by=clinic.actor["karin"], at=later)
    assert (goal.status, goal.outcome) == ("completed", GoalOutcome.ACHIEVED)
    assert (task.status, task.outcome) == ("completed", Outcome.REVIEWED)


def test_a_goal_that_goes_on_gets_a_new_day_and_a_new_task(db: Session, library: Library, clinic: make.Clinic) -> None:
    goal = set_goal(db, library, clinic)
    first = review_of(db, goal)
    later = make.MONDAY + timedelta(days=15)
    needs.review(
        db, goal, outcome=GoalOutcome.PARTLY, next_review_on=date(2027, 1, 11), by=clinic.actor["karin"], at=later
    )
    assert (goal.status, goal.outcome, goal.review_on) == ("active", GoalOutcome.PARTLY, date(2027, 1, 11))
    second = review_of(db, goal)
    assert second.id != first.id
    assert (second.owner_id, second.starts_at) == (first.owner_id, datetime(2027, 1, 11, 7, 0, tzinfo=UTC))


def test_a_closed_goal_is_not_reviewed_again(db: Session, library: Library, clinic: make.Clinic) -> None:
    goal = set_goal(db, library, clinic)
    needs.review(db, goal, outcome=GoalOutcome.NOT, by=clinic.actor["karin"], at=make.MONDAY)
    with pytest.raises(needs.GoalClosed):
        needs.review(db, goal, outcome=GoalOutcome.NOT, by=clinic.actor["karin"], at=make.MONDAY)
