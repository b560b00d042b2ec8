"""Blocks over HTTP: made and lifted by the patient, known to the other unit, opened in an emergency."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import blocks
from careplan.library import Library
from careplan.models import Block, CarePlan, Practitioner
from tests import handing, make, stories
from tests.people import Human


@pytest.fixture
def plan(db: Session, library: Library, clinic: make.Clinic) -> CarePlan:
    """Astrid's at Karin's unit; Lars' unit cares for her, too."""
    made = stories.signed_plan(db, library, clinic)
    lars = db.get_one(Practitioner, clinic.practitioner["lars"])
    make.care(db, made.patient, lars, clinic.other_unit)
    db.commit()
    db.expunge_all()
    return made


def standing(db: Session) -> list[bool]:
    found = [each.to_at is None for each in db.scalars(sa.select(Block))]
    db.rollback()
    return found


def test_the_patient_blocks_and_lifts_it(db: Session, clinic: make.Clinic, plan: CarePlan, astrid: Human) -> None:
    assert astrid.get("patient.sharing").select('a[href$="/sparrar"]')
    page = astrid.get("patient.blocks")
    assert "Inget är spärrat nu." in page.text
    astrid.post("patient.blocks", {"unit": clinic.unit.id, "barred": "all"})
    page = astrid.open(astrid.location)
    assert "Det Bröstmottagningen har skrivit syns inte för andra enheter." in page.text
    block_id = db.scalars(sa.select(Block.id)).one()
    db.rollback()
    astrid.post("patient.lift_block", block_id=block_id)
    assert standing(db) == [False]


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"unit": "x", "barred": "all"},
        {"unit": "own"},
        {"unit": "own", "barred": "x"},
        {"unit": "own", "barred": "own"},
    ],
)
def test_what_cannot_be_blocked_is_said(
    db: Session, clinic: make.Clinic, plan: CarePlan, astrid: Human, given: dict[str, str]
) -> None:
    astrid.get("patient.blocks")
    sent = {name: str(clinic.unit.id) if value == "own" else value for name, value in given.items()}
    page = astrid.post("patient.blocks", sent, expect=422)
    assert page.select(".nhsuk-error-summary")
    assert standing(db) == []


def test_the_other_unit_sees_that_something_is_blocked_and_opens_it_with_a_reason(
    db: Session, clinic: make.Clinic, plan: CarePlan, astrid: Human, lars: Human, karin: Human
) -> None:
    assert "spärrat" not in lars.get("staff.patient", patient_id=plan.patient_id).text
    lars.get("staff.block", patient_id=plan.patient_id)
    lars.post("staff.block", {"reason": "Fara"}, patient_id=plan.patient_id, expect=409)
    astrid.get("patient.blocks")
    astrid.post("patient.blocks", {"unit": clinic.unit.id, "barred": clinic.other_unit.id})
    assert (
        "Patienten har spärrat uppgifter från en annan enhet."
        in lars.get("staff.patient", patient_id=plan.patient_id).text
    )
    assert "spärrat" not in karin.get("staff.patient", patient_id=plan.patient_id).text
    lars.get("staff.block", patient_id=plan.patient_id)
    lars.post("staff.block", {"reason": " "}, patient_id=plan.patient_id, expect=422)
    lars.post("staff.block", {"reason": "x" * 501}, patient_id=plan.patient_id, expect=422)
    lars.post("staff.block", {"reason": "Medvetslös"}, patient_id=plan.patient_id)
    assert "Öppet för dig till klockan 14.20." in lars.get("staff.block", patient_id=plan.patient_id).text
    page = astrid.get("patient.blocks")
    assert "Lars Wik" in page.text
    assert "Skäl: Medvetslös" in page.text
    assert "Öppnade spärrade uppgifter i en nödsituation" in astrid.get("patient.access_log").text


def test_a_handover_to_a_barred_unit_is_refused_in_words(
    db: Session, clinic: make.Clinic, plan: CarePlan, karin: Human
) -> None:
    blocks.block(
        db,
        patient_id=plan.patient_id,
        unit_id=clinic.unit.id,
        barred_id=None,
        by=clinic.actor["astrid"],
        at=make.MONDAY,
    )
    db.commit()
    karin.get("staff.hand_over", patient_id=plan.patient_id)
    given = {"to": clinic.other_unit.id, "reason": "unit-change", **handing.TEXT}
    page = karin.post("staff.hand_over", given, patient_id=plan.patient_id, expect=409)
    assert "Patienten har spärrat era uppgifter för den enheten." in page.text


def test_nobody_else_makes_or_lifts_a_block(
    db: Session, clinic: make.Clinic, plan: CarePlan, lina: Human, bo: Human
) -> None:
    made = blocks.block(
        db,
        patient_id=plan.patient_id,
        unit_id=clinic.unit.id,
        barred_id=None,
        by=clinic.actor["astrid"],
        at=make.MONDAY,
    )
    block_id = made.id
    db.commit()
    lina.get("patient.blocks", expect=404)
    for human in (lina, bo):
        human.get("patient.home")
        human.post("patient.lift_block", block_id=block_id, expect=404)
    assert standing(db) == [True]
