"""The first page asks the database a fixed number of times, and holds back what is not shared."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import calendar, needs, plans
from careplan.domain.identity import Actor
from careplan.domain.sharing import GOALS, VISITS, shared
from careplan.library import Library
from careplan.models import CarePlan, Share
from careplan.queries.home import Home, home
from careplan.queries.timeline import timeline
from tests import stories
from tests.make import MONDAY, Clinic


@contextmanager
def statements(db: Session) -> Iterator[list[str]]:
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    sa.event.listen(db.get_bind(), "before_cursor_execute", note)
    yield asked
    sa.event.remove(db.get_bind(), "before_cursor_execute", note)


@pytest.fixture
def plan(db: Session, library: Library, clinic: Clinic) -> CarePlan:
    return stories.signed_plan(db, library, clinic)


def read(db: Session, actor: Actor) -> tuple[Home, int]:
    db.flush()
    db.expunge_all()
    with statements(db) as asked:
        found = home(db, actor, at=MONDAY)
    return found, len(asked)


def write(db: Session, clinic: Clinic, title: str, days: int, *, hour: int = 8) -> None:
    on = MONDAY.date() + timedelta(days=days)
    wall = (MONDAY.replace(hour=hour, minute=0)).time() if hour else None
    calendar.add(
        db,
        calendar.Day(title, on, wall),
        key=uuid4(),
        patient_id=clinic.patient["astrid"],
        unit_id=clinic.unit.id,
        by=clinic.actor["astrid"],
        at=MONDAY,
    )


def book(db: Session, clinic: Clinic, plan: CarePlan, days: int) -> None:
    plans.add_appointment(
        db,
        plan,
        starts_at=MONDAY + timedelta(days=days),
        title="Återbesök",
        place="",
        preparation="",
        by=clinic.actor["karin"],
        at=MONDAY,
    )


def test_the_number_of_statements_does_not_grow_with_what_is_written(
    db: Session, clinic: Clinic, plan: CarePlan
) -> None:
    astrid, plan_id = clinic.actor["astrid"], plan.id
    book(db, clinic, plan, 1)
    write(db, clinic, "Första", 0, hour=23)
    read(db, astrid)  # texts of chapters are read once for each process
    _home, few = read(db, astrid)
    for days in range(2, 12):
        book(db, clinic, db.get_one(CarePlan, plan_id), days)
        write(db, clinic, f"Dag {days}", days)
        needs.set_goal(
            db,
            db.get_one(CarePlan, plan_id),
            text=f"Mål {days}",
            measure="",
            review_on=MONDAY.date() + timedelta(days=days),
            activities=[],
            contact=stories.contact(db, clinic, "astrid"),
            by=clinic.actor["karin"],
            at=MONDAY,
        )
    _home, many = read(db, astrid)
    assert many == few


@pytest.mark.parametrize(
    ("own", "hour", "booked", "shown"),
    [
        (1, 8, 2, "Egen"),  # before the visit
        (3, 8, 2, None),  # after it
        (1, 23, 1, None),  # the same day, later than it
        (1, 5, 1, "Egen"),
        (1, 0, 1, "Egen"),  # some time that day
        (1, 8, None, "Egen"),
        (0, 5, None, None),  # this morning
    ],
)
def test_an_own_day_stands_there_when_it_comes_before_the_visit(
    db: Session, clinic: Clinic, plan: CarePlan, own: int, hour: int, booked: int | None, shown: str | None
) -> None:
    if booked is not None:
        book(db, clinic, plan, booked)
    write(db, clinic, "Egen", own, hour=hour)
    found, _count = read(db, clinic.actor["astrid"])
    assert (found.own_day.title if found.own_day else None) == shown


def test_goals_are_counted_of_the_patients_own_plan_alone(
    db: Session, library: Library, clinic: Clinic, plan: CarePlan
) -> None:
    other = stories.signed_plan(db, library, clinic, "bo")
    for of, who, days in ((plan, "astrid", 5), (plan, "astrid", 9), (other, "bo", 2)):
        needs.set_goal(
            db,
            of,
            text="Mål",
            measure="",
            review_on=MONDAY.date() + timedelta(days=days),
            activities=[],
            contact=stories.contact(db, clinic, who),
            by=clinic.actor["karin"],
            at=MONDAY,
        )
    found, _count = read(db, clinic.actor["astrid"])
    assert found.reading is not None
    assert (found.reading.goals, found.reading.review_on) == (2, MONDAY.date() + timedelta(days=5))


def test_a_calendar_of_many_days_is_three_statements(db: Session, clinic: Clinic, plan: CarePlan) -> None:
    for days in range(1, 9):
        book(db, clinic, plan, days)
        write(db, clinic, f"Dag {days}", days)
    patient_id = clinic.patient["astrid"]
    db.flush()
    with statements(db) as asked:
        found = timeline(db, clinic.actor["astrid"], patient_id, at=MONDAY)
    assert len(asked) == 3
    assert [entry.order for entry in found.coming] == sorted(entry.order for entry in found.coming)
    assert len(found.coming) == 16


@pytest.mark.parametrize(("parts", "sees"), [([VISITS], (True, 0)), ([GOALS], (False, 1)), ([], (False, 0))])
def test_a_relative_with_parts_of_the_plan_gets_those_alone(
    db: Session, clinic: Clinic, plan: CarePlan, parts: list[str], sees: tuple[bool, int]
) -> None:
    book(db, clinic, plan, 1)
    needs.set_goal(
        db,
        plan,
        text="Mål",
        measure="",
        review_on=MONDAY.date() + timedelta(days=3),
        activities=[],
        contact=stories.contact(db, clinic, "astrid"),
        by=clinic.actor["karin"],
        at=MONDAY,
    )
    db.scalars(sa.select(Share)).one().parts = parts
    found, _count = read(db, clinic.actor["lina"])
    assert found.reading is not None
    assert (found.appointment is not None, found.reading.goals) == sees
    assert found.reading.now.points == ()


def test_nothing_of_a_plan_hints_at_what_is_not_shared() -> None:
    content = {
        "greeting": "Hej",
        "phase": "two",
        "phases": [
            {"id": "one", "title": "Ett", "chapters": [{"id": "a"}, {"id": "b"}]},
            {"id": "two", "title": "Två", "chapters": [{"id": "c"}]},
        ],
        "always": [{"id": "d"}, {"id": "e"}],
    }
    assert shared(content, {"b", "e"}) == {
        "greeting": "",
        "phase": "",
        "phases": [{"id": "one", "title": "Ett", "chapters": [{"id": "b"}]}],
        "always": [{"id": "e"}],
    }
