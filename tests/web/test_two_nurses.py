"""Two nurses never work on one task unaware: the second reads who has it open, and says that she knows."""

from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from careplan.library import Library
from careplan.models import Task
from tests import stories
from tests.conftest import Clock
from tests.make import MONDAY, Clinic
from tests.people import Human

DONE = {"outcome": "called", "next_step": "Vi har talats vid."}


@pytest.fixture
def task_id(db: Session, library: Library, clinic: Clinic) -> UUID:
    task = stories.task_of(db, stories.sent(db, library, clinic, "astrid", {"breathlessness": 8}))
    db.commit()
    return task.id


def test_the_second_reads_who_has_it_open_and_since_when(karin: Human, nils: Human, task_id: UUID) -> None:
    assert "har uppgiften öppen" not in karin.get("staff.case", task_id=task_id).text
    assert "Karin Lind har uppgiften öppen sedan i dag 10.20." in nils.get("staff.case", task_id=task_id).text
    assert "har uppgiften öppen" not in karin.get("staff.case", task_id=task_id).text


def test_half_an_hour_later_nobody_has_it_open(
    app: Flask, clock: Clock, nils: Human, karin: Human, task_id: UUID
) -> None:
    karin.get("staff.case", task_id=task_id)
    clock.at = MONDAY + timedelta(minutes=30)
    assert "har uppgiften öppen" not in Human(app, "nils").get("staff.case", task_id=task_id).text


def test_who_knows_of_the_other_saves(db: Session, karin: Human, nils: Human, task_id: UUID) -> None:
    karin.get("staff.case", task_id=task_id)
    page = nils.get("staff.case", task_id=task_id)
    nils.post("staff.case", DONE | {"aware": page.select_one("[name=aware]")["value"]}, task_id=task_id)
    assert db.get_one(Task, task_id).status == "completed"


def test_who_does_not_know_is_told_before_anything_is_saved_and_keeps_her_words(
    db: Session, karin: Human, nils: Human, task_id: UUID
) -> None:
    karin.get("staff.case", task_id=task_id)
    nils.get("staff.case", task_id=task_id)
    nils.post("staff.take", task_id=task_id)
    page = karin.post("staff.case", DONE | {"aware": ""}, task_id=task_id, expect=409)
    assert "Nils Berg har uppgiften öppen" in page.text
    assert "Det du skrev är inte sparat än." in page.text
    assert page.select_one("#next_step").text.strip() == DONE["next_step"]
    assert db.get_one(Task, task_id).status == "in-progress"
    db.rollback()
    karin.post("staff.case", DONE | {"aware": page.select_one("[name=aware]")["value"]}, task_id=task_id)
    assert db.scalars(sa.select(Task.status).where(Task.id == task_id)).one() == "completed"


def test_who_was_first_to_close_it_is_named_to_the_other(karin: Human, nils: Human, task_id: UUID) -> None:
    karin.get("staff.case", task_id=task_id)
    aware = nils.get("staff.case", task_id=task_id).select_one("[name=aware]")["value"]
    karin.post("staff.case", DONE, task_id=task_id)
    page = nils.post("staff.case", DONE | {"next_step": "Något annat.", "aware": aware}, task_id=task_id, expect=409)
    assert "Stängd av Karin Lind" in page.text
