"""A pause from the questions: taken in a few presses, told to the nurse, and ended when the patient wants."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.domain.tasks import TaskKind
from careplan.library import Library
from careplan.models import FormPause, Task
from tests import stories
from tests.make import Clinic
from tests.people import Human

GIVEN = {"length": "month", "reason": "tired", "words": "Det är så mycket nu <3"}


def test_a_pause_is_taken_told_and_ended(
    db: Session, library: Library, clinic: Clinic, astrid: Human, karin: Human
) -> None:
    stories.signed_plan(db, library, clinic)
    db.commit()
    page = astrid.get("patient.home")
    assert "Paus från frågorna" in page.text
    astrid.get("patient.rest")
    astrid.post("patient.rest", GIVEN)
    page = astrid.follow(astrid.page)
    assert "Frågorna är pausade till och med 16 december 2026. Karin Lind får veta det." in page.text
    task = db.scalars(sa.select(Task).where(Task.kind == TaskKind.SILENCE)).one()
    assert task.summary == "Har pausat frågorna till 2026-12-16: orkar inte just nu. ”Det är så mycket nu <3”"
    db.rollback()
    assert "Har pausat frågorna till 2026-12-16" in karin.get("staff.worklist").text
    page = astrid.get("patient.rest")
    assert "Du har pausat till och med" in page.text
    astrid.post("patient.rest", {"do": "resume"})
    db.expire_all()
    assert db.scalars(sa.select(FormPause)).one().ended_at is not None
    db.rollback()
    assert "Hur länge?" in astrid.get("patient.rest").text


def test_what_is_missing_is_said_and_what_was_written_is_kept(
    db: Session, library: Library, clinic: Clinic, astrid: Human
) -> None:
    stories.signed_plan(db, library, clinic)
    db.commit()
    astrid.get("patient.rest")
    page = astrid.post("patient.rest", {"length": "for-ever", "reason": "", "words": "å" * 501}, expect=422)
    assert "Välj hur länge pausen ska vara." in page.text
    assert "Välj varför du vill ha en paus." in page.text
    assert "Skriv högst 500 tecken." in page.text
    assert "å" * 501 in page.text
    assert db.scalar(sa.select(sa.func.count()).select_from(FormPause)) == 0


def test_only_the_patient_pauses(db: Session, library: Library, clinic: Clinic, lina: Human) -> None:
    stories.signed_plan(db, library, clinic)
    db.commit()
    lina.get("patient.rest", expect=404)
