"""How a patient wants to be told: chosen by the patient alone, kept, logged, and never with what nobody can send to."""

from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from careplan.models import AuditEvent, OutboxMessage, Patient
from tests.make import MONDAY, Clinic
from tests.people import Human


def kept(db: Session, clinic: Clinic) -> tuple[str, str, str]:
    db.expire_all()
    patient = db.get_one(Patient, clinic.patient["astrid"])
    found = (patient.notify_by, patient.person.email, patient.person.phone)
    db.rollback()
    return found


def test_the_settings_lead_a_patient_there_and_nobody_else(astrid: Human, karin: Human, lina: Human) -> None:
    assert "Så vill du få besked" in astrid.get("account.settings").text
    assert "Så vill du få besked" not in karin.get("account.settings").text
    assert "Så vill du få besked" not in lina.get("account.settings").text


def test_it_says_that_nothing_is_written_of_health(astrid: Human) -> None:
    assert "Vi skriver aldrig något om din hälsa" in astrid.get("patient.told").text


@pytest.mark.parametrize(
    ("sent", "notify_by", "email", "phone"),
    [
        ({"channel": "email", "email": " astrid@exempel.se "}, "email", "astrid@exempel.se", None),
        ({"channel": "sms", "sms": "070-174 06 05", "email": "not looked at"}, "sms", None, "070-174 06 05"),
        ({"channel": "sms", "sms": "+358 40 123 4567"}, "sms", None, "+358 40 123 4567"),
        ({"channel": "none", "email": "nor this", "sms": "x"}, "none", None, None),
    ],
)
def test_a_choice_is_kept_and_logged_and_the_rest_left_as_it_was(
    astrid: Human,
    db: Session,
    clinic: Clinic,
    sent: dict[str, str],
    notify_by: str,
    email: str | None,
    phone: str | None,
) -> None:
    before = kept(db, clinic)
    astrid.get("patient.told")
    astrid.post("patient.told", sent)
    after = kept(db, clinic)
    assert after == (notify_by, email or before[1], phone or before[2])
    assert db.scalar(sa.select(sa.func.count()).where(AuditEvent.action == "choose-channel")) == 1
    db.rollback()
    assert "Ditt val är sparat" in astrid.follow(astrid.page).text


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"channel": "email", "email": ""}, "Skriv en e-postadress"),
        ({"channel": "email", "email": "astrid"}, "Skriv en e-postadress"),
        ({"channel": "email", "email": "a@b"}, "Skriv en e-postadress"),
        ({"channel": "email", "email": "a@exempel.se, b@exempel.se"}, "Skriv en e-postadress"),
        ({"channel": "email", "email": "a@exempel.se\nBcc: b@exempel.se"}, "Skriv en e-postadress"),
        ({"channel": "email", "email": "a" * 200 + "@exempel.se"}, "Skriv en e-postadress"),
        ({"channel": "sms", "sms": "112"}, "Skriv ett mobilnummer"),
        ({"channel": "sms", "sms": "karins telefon"}, "Skriv ett mobilnummer"),
        ({"channel": "sms", "sms": "٠٧٠١٧٤٠٦٠٥"}, "Skriv ett mobilnummer"),
        ({"channel": "sms", "sms": "0" * 100}, "Skriv ett mobilnummer"),
        ({"channel": "pigeon"}, "Välj hur du vill få besked"),
        ({"channel": ""}, "Välj hur du vill få besked"),
    ],
)
def test_what_nobody_can_send_to_is_said_and_nothing_is_kept(
    astrid: Human, db: Session, clinic: Clinic, sent: dict[str, str], said: str
) -> None:
    before = kept(db, clinic)
    astrid.get("patient.told")
    page = astrid.post("patient.told", sent, expect=422)
    assert said in page.text
    assert kept(db, clinic) == before


def test_who_wants_nothing_is_not_sent_what_waits(astrid: Human, db: Session, clinic: Clinic) -> None:
    person_id = db.get_one(Patient, clinic.patient["astrid"]).person_id
    for status in ("pending", "sent"):
        db.add(
            OutboxMessage(
                id=uuid4(),
                person_id=person_id,
                template="form-due",
                channel="email",
                status=status,
                created_at=MONDAY,
                next_attempt_at=MONDAY,
            )
        )
    db.commit()
    astrid.get("patient.told")
    astrid.post("patient.told", {"channel": "none"})
    assert db.scalars(sa.select(OutboxMessage.status)).all() == ["sent"]


def test_nobody_chooses_for_another(app: Flask) -> None:
    for who in ("lina", "karin", "mia", "olle"):
        person = Human(app, who)
        person.get("account.settings")
        person.get("patient.told", expect={403, 404})
        person.post("patient.told", {"channel": "none"}, expect={403, 404})
