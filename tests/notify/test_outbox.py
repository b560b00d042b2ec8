"""Notices by e-mail over a real SMTP server: at least once, bounded, and without a word about health."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_string
from email.header import decode_header, make_header

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from careplan.actions import notices
from careplan.config import ROOT
from careplan.db import make_sessions
from careplan.models import OutboxMessage, Patient, Person
from careplan.notify import MOST_ATTEMPTS, Channels, Notices, pause_after, send_due
from tests import make
from tests.make import MONDAY
from tests.notify.postoffice import PostOffice, post_office

TELLING = ("cancer", "vård", "care", "mottagning", "clinic", "Astrid", "Ek", "sjuk", "svar")


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with post_office() as opened:
        yield opened


@pytest.fixture
def sessions(engine: sa.Engine) -> sessionmaker[Session]:
    return make_sessions(engine)


def enqueue(sessions: sessionmaker[Session], clinic: make.Clinic, template: str = "read", language: str = "sv") -> None:
    with sessions.begin() as db:
        patient = db.get_one(Patient, clinic.patient["astrid"])
        person = db.get_one(Person, patient.person_id)
        person.email, person.language = "astrid@example.org", language
        notices.enqueue(db, patient=patient, template=template, at=MONDAY)


def send(sessions: sessionmaker[Session], url: str, at: datetime = MONDAY, *, is_demo: bool = False) -> int:
    channels = Channels(smtp_url=url, mail_from="noreply@example.org", is_demo=is_demo)
    return send_due(
        sessions, Notices.load(ROOT / "content"), channels, base_url="https://plan.example.org", clock=lambda: at
    )


def message(sessions: sessionmaker[Session]) -> OutboxMessage:
    with sessions() as db:
        return db.scalars(sa.select(OutboxMessage)).one()


@pytest.mark.parametrize("language", ["sv", "en", "fi"])
@pytest.mark.parametrize("template", ["new-answer", "read", "plan-signed", "form-due", "form-closing"])
def test_a_notice_says_where_to_log_in_and_nothing_else(
    sessions: sessionmaker[Session], clinic: make.Clinic, office: PostOffice, template: str, language: str
) -> None:
    enqueue(sessions, clinic, template, language)
    assert send(sessions, office.url) == 1
    letter = message_from_string(office.letters[0])
    subject = str(make_header(decode_header(letter["Subject"])))
    body = letter.get_payload(decode=True).decode(letter.get_content_charset() or "ascii")
    assert letter["To"] == "astrid@example.org"
    assert "https://plan.example.org" in body
    assert body.startswith("Hello" if language == "en" else "Hej")
    said = (subject + body).replace("https://plan.example.org", "").replace("går inte att svara", "")
    said = said.replace("frågor att svara", "")
    assert [word for word in TELLING if word in said] == []


def test_a_sent_notice_is_not_sent_again(
    sessions: sessionmaker[Session], clinic: make.Clinic, office: PostOffice
) -> None:
    enqueue(sessions, clinic)
    assert send(sessions, office.url) == 1
    assert send(sessions, office.url, MONDAY + timedelta(days=3)) == 0
    assert (message(sessions).status, len(office.letters)) == ("sent", 1)


def test_a_refused_notice_waits_longer_each_time_and_at_last_is_marked_as_failed(
    sessions: sessionmaker[Session], clinic: make.Clinic, office: PostOffice
) -> None:
    enqueue(sessions, clinic)
    office.refusal = "451 come back later"
    at, waited = MONDAY, []
    for _ in range(MOST_ATTEMPTS):
        assert message(sessions).status == "pending"
        assert send(sessions, office.url, at) == 0
        waited.append(message(sessions).next_attempt_at - at)
        at = message(sessions).next_attempt_at
    assert waited == sorted(waited)
    assert waited[0] == timedelta(minutes=2)
    failed = message(sessions)
    assert (failed.status, failed.attempts) == ("failed", MOST_ATTEMPTS)
    assert "astrid" not in failed.error
    office.refusal = None
    assert send(sessions, office.url, at + timedelta(days=9)) == 0


def test_a_server_that_is_away_is_tried_again(sessions: sessionmaker[Session], clinic: make.Clinic) -> None:
    enqueue(sessions, clinic)
    with post_office() as gone:
        url = gone.url
    assert send(sessions, url) == 0
    assert message(sessions).status == "pending"
    with post_office() as office:
        assert send(sessions, office.url, MONDAY + timedelta(minutes=2)) == 1


def test_two_runs_at_once_send_a_notice_once(
    sessions: sessionmaker[Session], clinic: make.Clinic, office: PostOffice
) -> None:
    enqueue(sessions, clinic)
    other_runs: list[int] = []

    def clock() -> datetime:
        # The other run comes in the middle of this one, after it has claimed what is due.
        if message(sessions).attempts == 1 and not other_runs:
            other_runs.append(-1)
            other_runs[0] = send(sessions, office.url)
        return MONDAY

    channels = Channels(smtp_url=office.url, mail_from="noreply@example.org")
    send_due(sessions, Notices.load(ROOT / "content"), channels, base_url="https://plan.example.org", clock=clock)
    assert other_runs == [0]
    assert len(office.letters) == 1


def test_without_a_server_notices_wait_and_the_demo_sends_them_nowhere(
    sessions: sessionmaker[Session], clinic: make.Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    enqueue(sessions, clinic)
    assert send(sessions, "") == 0
    assert message(sessions).status == "pending"
    assert send(sessions, "", is_demo=True) == 1
    assert message(sessions).status == "sent"
    said = capsys.readouterr().out
    assert "notice_sent_nowhere" in said
    assert "astrid" not in said.lower()


def test_a_person_without_an_address_is_a_failure_that_shows(
    sessions: sessionmaker[Session], clinic: make.Clinic, office: PostOffice
) -> None:
    enqueue(sessions, clinic)
    with sessions.begin() as db:
        db.execute(sa.update(Person).values(email=""))
    assert send(sessions, office.url) == 0
    assert (message(sessions).status, message(sessions).error) == ("failed", "no address")


def test_who_wants_no_notices_gets_none(sessions: sessionmaker[Session], clinic: make.Clinic) -> None:
    with sessions.begin() as db:
        patient = db.get_one(Patient, clinic.patient["astrid"])
        patient.notify_by = "none"
        assert notices.enqueue(db, patient=patient, template="read", at=MONDAY) is None
    with sessions() as db:
        assert db.scalars(sa.select(OutboxMessage)).all() == []


def test_twelve_attempts_take_more_than_a_day_and_less_than_a_week() -> None:
    total = sum((pause_after(attempt) for attempt in range(1, MOST_ATTEMPTS)), timedelta())
    assert timedelta(days=1) < total < timedelta(days=7)
