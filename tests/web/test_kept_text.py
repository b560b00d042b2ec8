"""A message sent after one was logged out for want of use is kept for its writer, behind the log-in."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from careplan.models import Account, AuditEvent, LoginSession, Message, UnsentMessage
from tests import make
from tests.conftest import Clock
from tests.people import Human
from tests.web.test_patient_messages import count, field
from tests.web.test_staff_messages import ask

TEXT = "Det tog lång tid att skriva.\n\nHälsningar O'Brien 🙂"


def send_too_late(who: Human, clock: Clock, text: str = TEXT, **more: Any) -> None:
    page = who.get("patient.messages")
    clock.at += timedelta(minutes=40)
    who.post("patient.messages", {"key": field(page, "key"), "text": text} | more)


def log_in_again(who: Human, username: str = "astrid") -> Any:
    query = who.location.partition("?")[2]
    page = who.open(who.location)
    who.send(f"/logga-in/demo?{query}", {"person": username})
    return page


def test_the_text_waits_behind_the_log_in_and_is_sent_from_there(astrid: Human, db: Session, clock: Clock) -> None:
    send_too_late(astrid, clock, subject="Min rubrik")
    page = log_in_again(astrid)
    assert "Du hade blivit utloggad. Ditt meddelande är inte skickat." in page.text
    assert count(db, Message) == 0
    page = astrid.open(astrid.location)
    assert "Det är inte skickat än." in page.text
    assert page.select("textarea[name=text]")[0].text.strip() == TEXT
    assert field(page, "subject") == "Min rubrik"
    astrid.post("patient.messages", {"key": field(page, "key"), "text": TEXT})
    assert (count(db, Message), count(db, UnsentMessage)) == (1, 0)
    assert "Det är inte skickat än." not in astrid.get("patient.messages").text


def test_in_a_thread_it_comes_back_there(karin: Human, db: Session, clinic: make.Clinic, clock: Clock) -> None:
    thread = ask(db, clinic)
    page = karin.get("staff.thread", thread_id=thread)
    clock.at += timedelta(minutes=20)
    karin.post("staff.thread", {"key": field(page, "key"), "text": "Ja, gärna."}, thread_id=thread)
    log_in_again(karin, "karin")
    page = karin.open(karin.location)
    assert page.select("textarea[name=text]")[0].text.strip() == "Ja, gärna."


def test_nobody_else_at_the_same_browser_sees_it(astrid: Human, db: Session, clock: Clock) -> None:
    send_too_late(astrid, clock)
    log_in_again(astrid, "bo")
    assert "lång tid" not in astrid.open(astrid.location).text


def test_it_is_gone_after_a_day(app: Flask, astrid: Human, db: Session, clock: Clock) -> None:
    send_too_late(astrid, clock)
    clock.at += timedelta(days=1)
    assert "lång tid" not in Human(app, "astrid").get("patient.messages").text
    again = Human(app, "bo")
    send_too_late(again, clock, "Något annat")
    assert db.scalars(sa.select(UnsentMessage.text)).all() == ["Något annat"]


def test_that_it_was_kept_stands_in_the_log(astrid: Human, db: Session, clinic: make.Clinic, clock: Clock) -> None:
    send_too_late(astrid, clock)
    kept = db.scalars(sa.select(AuditEvent).where(AuditEvent.action == "keep-message")).one()
    assert (kept.person_name, kept.patient_id) == ("Astrid Ek", clinic.patient["astrid"])


@pytest.mark.parametrize("ended", ["revoked", "closed account", "long ago"])
def test_of_a_session_that_is_over_for_good_nothing_is_kept_and_it_is_said(
    astrid: Human, db: Session, clock: Clock, ended: str
) -> None:
    page = astrid.get("patient.messages")
    row = db.scalars(sa.select(LoginSession)).one()
    if ended == "revoked":
        row.revoked_at = clock.at
    elif ended == "closed account":
        db.get_one(Account, row.account_id).is_active = False
    db.commit()
    clock.at += timedelta(days=2) if ended == "long ago" else timedelta(minutes=40)
    astrid.post("patient.messages", {"key": field(page, "key"), "text": TEXT})
    text = astrid.open(astrid.location).text
    assert "Ditt meddelande är inte skickat." in text and "står det kvar" not in text
    assert count(db, UnsentMessage) == 0


def test_nobody_known_keeps_nothing(nobody: Human, db: Session) -> None:
    nobody.get("account.login")
    nobody.post("patient.messages", {"text": TEXT}, expect=302)
    assert count(db, UnsentMessage) == 0
