"""A patient changes between paper and screen."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.models import AuditEvent, Patient
from tests.make import Clinic
from tests.people import Human


def test_a_nurse_changes_between_paper_and_screen(db: Session, clinic: Clinic, karin: Human) -> None:
    aino = clinic.patient["aino"]
    assert "Svarar på papper" in karin.get("staff.patient", patient_id=aino).text
    karin.post("staff.medium", {"medium": "screen"}, patient_id=aino)
    assert "Aino svarar nu på skärm." in karin.get("staff.patient", patient_id=aino).text
    karin.post("staff.medium", {"medium": "paper"}, patient_id=aino)
    assert "Aino svarar nu på papper." in karin.get("staff.patient", patient_id=aino).text
    karin.post("staff.medium", {"medium": "stone"}, patient_id=aino, expect=404)
    db.expire_all()
    assert db.get_one(Patient, aino).uses_paper
    assert list(db.scalars(sa.select(AuditEvent.action))).count("choose-medium") == 2
