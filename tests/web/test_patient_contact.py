"""Asking to be contacted though nothing is wrong: a task, a receipt, and what became of it."""

from datetime import timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import tasks, wishes
from careplan.domain.tasks import Outcome, TaskKind
from careplan.models import ContactWish, Task
from tests import stories
from tests.make import MONDAY, Clinic
from tests.people import Human


def ask(astrid: Human, **sent: str) -> None:
    page = astrid.get("patient.contact")
    key = page.find("input", {"name": "key"})["value"]
    astrid.post("patient.contact", {"key": key} | sent)


def tasks_of(db: Session) -> list[Task]:
    found = list(db.scalars(sa.select(Task).where(Task.kind == TaskKind.CONTACT)))
    db.expunge_all()
    db.rollback()
    return found


def test_one_button_is_enough_and_the_receipt_says_who_and_when(astrid: Human, db: Session, clinic: Clinic) -> None:
    assert "Jag vill bli kontaktad" in astrid.get("patient.home").text
    ask(astrid)
    text = astrid.follow(astrid.page).text.replace("\u00a0", " ")
    assert "Karin Lind läser och hör av sig senast onsdag klockan 10.20." in text
    (task,) = tasks_of(db)
    assert (task.summary, task.owner_id) == ("Vill bli kontaktad", clinic.practitioner["karin"])
    assert "Du har bett om kontakt" in astrid.get("patient.home").text


def test_words_and_how_soon_reach_the_nurses_list(astrid: Human, karin: Human, db: Session) -> None:
    ask(astrid, text="Om medicinen", urgency="today")
    assert "Vill bli kontaktad: Om medicinen" in karin.get("staff.worklist").text
    (task,) = tasks_of(db)
    page = karin.get("staff.case", task_id=task.id)
    assert "Om medicinen" in page.text


def test_the_same_page_sent_twice_asks_once(astrid: Human, db: Session) -> None:
    page = astrid.get("patient.contact")
    key = page.find("input", {"name": "key"})["value"]
    for _time in range(2):
        astrid.post("patient.contact", {"key": key})
    assert len(tasks_of(db)) == 1


def test_the_patient_reads_what_became_of_it(astrid: Human, db: Session, clinic: Clinic) -> None:
    ask(astrid)
    task = db.scalars(sa.select(Task).where(Task.kind == TaskKind.CONTACT)).one()
    tasks.complete(
        db, task, outcome=Outcome.CALLED, next_step="Vi ses på torsdag.", by=clinic.actor["karin"], at=MONDAY
    )
    wish_id = db.scalars(sa.select(ContactWish.id)).one()
    db.commit()
    page = astrid.get("patient.wish", wish_id=wish_id)
    assert "Vi ses på torsdag." in page.text
    assert "Läst av Karin Lind" in page.text
    home = astrid.get("patient.home").text
    assert "Det du bad om är klart" in home
    assert "Jag vill bli kontaktad" in home


def test_only_the_patient_asks_and_reads_it(astrid: Human, lina: Human, bo: Human, db: Session) -> None:
    ask(astrid)
    wish_id = db.scalars(sa.select(ContactWish.id)).one()
    db.rollback()
    for human in (lina, bo):
        human.get("patient.wish", wish_id=wish_id, expect=404)
    lina.get("patient.contact", expect=404)


@pytest.mark.parametrize(("sent", "urgency"), [("today", "today"), ("no-such", None), ("", None)])
def test_an_unknown_how_soon_is_none(astrid: Human, db: Session, sent: str, urgency: str | None) -> None:
    ask(astrid, urgency=sent)
    assert db.scalars(sa.select(ContactWish.urgency)).one() == urgency
    db.rollback()


def test_endless_words_are_refused_and_kept_on_the_page(astrid: Human, db: Session) -> None:
    astrid.get("patient.contact")
    page = astrid.post("patient.contact", {"text": "x" * 100_000}, expect=422)
    assert "Skriv högst 250 tecken." in page.text.replace("\u00a0", " ")
    assert tasks_of(db) == []


def test_the_action_refuses_too_long_a_text(db: Session, clinic: Clinic) -> None:
    with pytest.raises(wishes.WishTooLong):
        wishes.wish(
            db,
            key=uuid4(),
            patient_id=clinic.patient["astrid"],
            text="x" * 251,
            urgency=None,
            contact=stories.contact(db, clinic, "astrid"),
            by=clinic.actor["astrid"],
            at=MONDAY,
        )


def test_a_wish_dealt_with_long_ago_leaves_the_first_page(human: type[Human], app, db: Session, clock) -> None:
    ask(human(app, "astrid"))
    task = db.scalars(sa.select(Task).where(Task.kind == TaskKind.CONTACT)).one()
    task.status, task.completed_at, task.completed_by_id = "completed", MONDAY, task.owner_id
    task.read_at, task.read_by_id = MONDAY, task.owner_id
    db.commit()
    clock.at = MONDAY + timedelta(days=30)
    assert "Det du bad om är klart" not in human(app, "astrid").get("patient.home").text
