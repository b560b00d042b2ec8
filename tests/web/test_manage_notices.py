"""Notices that did not come out, as a manager sees them: counted, with the reason, and without a name."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from careplan.models import OutboxMessage, Patient
from tests.make import MONDAY, Clinic
from tests.pages import words
from tests.people import Human

HOUR = timedelta(hours=1)


def add(
    db: Session, person_id: UUID | None, status: str, error: str, *, channel: str = "email", hours: int = 2
) -> None:
    db.add(
        OutboxMessage(
            id=uuid4(),
            person_id=person_id,
            template="form-due",
            channel=channel,
            status=status,
            error=error,
            attempts=1,
            created_at=MONDAY - hours * HOUR,
            next_attempt_at=MONDAY + HOUR,
            settled_at=None if status == "pending" else MONDAY - hours * HOUR,
        )
    )


@pytest.fixture
def persons(db: Session, clinic: Clinic) -> dict[str, UUID]:
    return {name: db.get_one(Patient, clinic.patient[name]).person_id for name in ("astrid", "bo")}


def test_without_failures_it_says_so(mia: Human) -> None:
    page = mia.get("manage.notices")
    assert "Alla besked de senaste 30 dagarna har gått i väg." in page.text
    assert "Inget besked väntar längre än det ska." in page.text


def test_failures_are_counted_by_reason_and_nobody_is_named(mia: Human, db: Session, persons: dict[str, UUID]) -> None:
    for _number in range(2):
        add(db, persons["astrid"], "failed", "no address", channel="sms", hours=5)
    add(db, persons["astrid"], "failed", "SMTPRecipientsRefused")
    add(db, persons["astrid"], "pending", "ConnectionRefusedError")
    db.commit()
    page = mia.get("manage.notices")
    rows = [words(row) for row in page.select("tbody tr")]
    assert rows[0].startswith("Patienten har ingen adress eller inget nummer Sms Antal 2 Sedan i dag")
    assert rows[1].startswith("Adressen togs inte emot E-post Antal 1")
    assert rows[2].startswith("Tjänsten som skickar gick inte att nå E-post Antal 1")
    assert not any(name in page.text for name in ("Astrid", "Ek", "@"))
    assert "3 besked som inte kom fram" in mia.get("manage.home").text


def test_what_was_sent_is_old_is_meant_or_is_of_another_unit_is_not_counted(
    mia: Human, db: Session, persons: dict[str, UUID]
) -> None:
    add(db, persons["astrid"], "sent", "")
    add(db, persons["astrid"], "failed", "deceased")
    add(db, persons["astrid"], "failed", "no address", hours=24 * 31)
    add(db, None, "failed", "no address")
    db.commit()
    assert not mia.get("manage.notices").select("tbody tr")
