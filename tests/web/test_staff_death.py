"""When a patient has died nothing more is asked or sent; a mistake is taken back."""

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from careplan.library import Library
from careplan.models import Account, OutboxMessage, Patient, QuestionnaireRequest
from tests import stories
from tests.make import Clinic
from tests.people import Human


def given(day: str, month: str = "11", year: str = "2026") -> dict[str, str]:
    return {"on-day": day, "on-month": month, "on-year": year}


def test_nothing_is_asked_or_sent_to_who_has_died(
    app: Flask, db: Session, library: Library, clinic: Clinic, karin: Human, astrid: Human
) -> None:
    stories.signed_plan(db, library, clinic)
    stories.asked(db, library, clinic, clinic.patient["astrid"], stories.FORM)
    db.commit()
    patient_id = clinic.patient["astrid"]
    karin.get("staff.death", patient_id=patient_id)
    page = karin.post("staff.death", given("30"), patient_id=patient_id, expect=422)
    assert "Dagen har inte varit än." in page.text
    karin.post("staff.death", given("15"), patient_id=patient_id)
    db.expire_all()
    assert set(db.scalars(sa.select(QuestionnaireRequest.status))) == {"cancelled"}
    assert set(db.scalars(sa.select(OutboxMessage.status))) <= {"failed", "sent"}
    person_id = db.get_one(Patient, patient_id).person_id
    account = db.scalars(sa.select(Account).where(Account.person_id == person_id)).one()
    assert not account.is_active
    db.rollback()
    astrid.get("patient.home", expect=302)
    page = karin.get("staff.patient", patient_id=patient_id)
    assert "Avliden" in page.text
    karin.get("staff.death", patient_id=patient_id)
    karin.post("staff.death", {"do": "back"}, patient_id=patient_id)
    db.expire_all()
    assert db.get_one(Patient, patient_id).deceased_on is None
    db.rollback()
    Human(app, "astrid").get("patient.home")
