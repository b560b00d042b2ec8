"""The page of a handover that its writer leaves: asked to be kept, or sent after the session had ended."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from careplan.domain.identity import Actor
from careplan.library import Library
from careplan.models import CarePlan, Handover, KeptPage, Unit
from tests import handing, stories
from tests.conftest import Clock
from tests.make import Clinic
from tests.people import Human

TYPED = {"to": "", "reason": "primary-care", "key": "11111111-1111-4111-8111-111111111111", **handing.TEXT}


@pytest.fixture
def petra(db: Session) -> Actor:
    made = handing.centre(db)[1]
    db.commit()
    return made


@pytest.fixture
def plan(db: Session, library: Library, clinic: Clinic) -> CarePlan:
    made = stories.signed_plan(db, library, clinic)
    db.commit()
    db.expunge_all()
    return made


def kept(db: Session) -> int:
    found = db.scalar(sa.select(sa.func.count()).select_from(KeptPage))
    db.rollback()
    return found or 0


def typed(human: Human, plan: CarePlan) -> tuple[str, str, str]:
    """What stands in the first part, whereto and why."""
    page = human.get("staff.hand_over", patient_id=plan.patient_id)
    chosen, why = page.select_one("#to option[selected]"), page.select_one("input[name=reason][checked]")
    return (
        page.select_one("textarea[name=situation]").text.strip(),
        chosen["value"] if chosen else "",
        why["value"] if why else "",
    )


def test_half_a_text_is_kept_for_its_writer_alone_and_gone_once_it_is_sent(
    db: Session, plan: CarePlan, petra: Actor, karin: Human, nils: Human
) -> None:
    half = {"situation": "Halva meningen", "to": str(petra.unit_id), "reason": "new-caregiver"}
    karin.get("staff.hand_over", patient_id=plan.patient_id)
    karin.post("staff.hand_over", TYPED | half | {"draft": "1"}, patient_id=plan.patient_id)
    assert "Utkastet är sparat. Bara du ser det." in karin.open(karin.location).text
    assert typed(karin, plan) == ("Halva meningen", str(petra.unit_id), "new-caregiver")
    assert "Det här är ditt utkast" in karin.page.text
    assert "Halva meningen" not in typed(nils, plan)[0]
    assert db.scalar(sa.select(sa.func.count()).select_from(Handover)) == 0
    db.rollback()
    karin.get("staff.hand_over", patient_id=plan.patient_id)
    karin.post("staff.hand_over", TYPED | {"to": petra.unit_id}, patient_id=plan.patient_id)
    assert kept(db) == 0


def test_thrown_away_it_is_proposed_anew(db: Session, plan: CarePlan, petra: Actor, karin: Human) -> None:
    karin.get("staff.hand_over", patient_id=plan.patient_id)
    karin.post("staff.hand_over", TYPED | {"situation": "Halva", "draft": "1"}, patient_id=plan.patient_id)
    karin.get("staff.hand_over", patient_id=plan.patient_id)
    karin.post("staff.hand_over", {"drop": "1"}, patient_id=plan.patient_id)
    assert kept(db) == 0
    assert "Astrid Ek, född" in typed(karin, plan)[0]


def test_what_is_sent_after_the_session_had_ended_waits_as_a_draft(
    app: Flask, db: Session, plan: CarePlan, petra: Actor, karin: Human, clock: Clock
) -> None:
    karin.get("staff.hand_over", patient_id=plan.patient_id)
    clock.at += timedelta(minutes=40)
    karin.post("staff.hand_over", TYPED | {"to": petra.unit_id}, patient_id=plan.patient_id)
    assert "allt du skrev finns kvar som ett utkast" in karin.open(karin.location).text
    assert db.scalar(sa.select(sa.func.count()).select_from(Handover)) == 0
    db.rollback()
    assert typed(Human(app, "karin"), plan) == (TYPED["situation"], str(petra.unit_id), "primary-care")


@pytest.mark.parametrize(("days", "said"), [(1, "inom 1 arbetsdag kommer"), (3, "inom 3 arbetsdagar kommer")])
def test_the_page_says_the_days_that_the_unit_has_set(
    db: Session, clinic: Clinic, plan: CarePlan, petra: Actor, karin: Human, days: int, said: str
) -> None:
    db.get_one(Unit, clinic.unit.id).response_times = {"handover_days": days}
    db.commit()
    assert said in karin.get("staff.hand_over", patient_id=plan.patient_id).text.replace("\xa0", " ")
