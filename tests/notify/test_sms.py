"""SMS through a real HTTP gateway: taken over once, tried again when it is down, and never with more than it needs."""

import json
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from careplan.actions import notices
from careplan.config import ROOT
from careplan.db import make_sessions
from careplan.domain.reachable import number_of
from careplan.models import OutboxMessage, Patient, Person
from careplan.notify import MOST_ATTEMPTS, Channels, Gateway, Notices, send_due
from tests import make
from tests.make import MONDAY


class Operator(ThreadingHTTPServer):
    """Takes SMS over, or refuses them for as long as `status` says so."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Desk)
        self.taken: list[dict[str, Any]] = []
        self.asked: list[str] = []
        self.status = 202

    @property
    def gateway(self) -> Gateway:
        return Gateway(f"http://127.0.0.1:{self.server_address[1]}/send", "secret")


class _Desk(BaseHTTPRequestHandler):
    server: Operator

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append(self.headers["Idempotency-Key"])
        if self.server.status == 202:
            self.server.taken.append(body | {"token": self.headers["Authorization"]})
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_told: object) -> None:
        """Quiet."""


@pytest.fixture
def operator() -> Iterator[Operator]:
    with Operator() as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.fixture
def sessions(engine: sa.Engine) -> sessionmaker[Session]:
    return make_sessions(engine)


def enqueue(sessions: sessionmaker[Session], clinic: make.Clinic, phone: str = "070-174 06 05") -> None:
    with sessions.begin() as db:
        patient = db.get_one(Patient, clinic.patient["astrid"])
        patient.notify_by = "sms"
        db.get_one(Person, patient.person_id).phone = phone
        notices.enqueue(db, patient=patient, template="form-reminder", at=MONDAY, signed="Karin")


def send(sessions: sessionmaker[Session], gateway: Gateway | None, at: datetime = MONDAY) -> int:
    return send_due(
        sessions,
        Notices.load(ROOT / "content"),
        Channels(gateway=gateway),
        base_url="https://plan.example.org",
        clock=lambda: at,
    )


def message(sessions: sessionmaker[Session]) -> OutboxMessage:
    with sessions() as db:
        return db.scalars(sa.select(OutboxMessage)).one()


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("070-174 06 05", "+46701740605"),
        ("+46 70 174 06 05", "+46701740605"),
        ("0046 70 174 06 05", "+46701740605"),
        ("+358 40 1234567", "+358401234567"),
        ("08-123 456", "+468123456"),
        ("", None),
        ("ring mig", None),
        ("112", None),
    ],
)
def test_a_number_as_people_write_it(written: str, number: str | None) -> None:
    assert number_of(written) == number


def test_an_sms_says_that_there_is_something_and_where(
    sessions: sessionmaker[Session], clinic: make.Clinic, operator: Operator
) -> None:
    enqueue(sessions, clinic)
    assert send(sessions, operator.gateway) == 1
    assert send(sessions, operator.gateway) == 0
    assert operator.taken == [
        {"to": "+46701740605", "text": "Frågor väntar på dig. https://plan.example.org", "token": "Bearer secret"}
    ]
    assert message(sessions).status == "sent"


def test_a_gateway_that_answers_500_for_a_day_delays_and_does_not_double(
    sessions: sessionmaker[Session], clinic: make.Clinic, operator: Operator
) -> None:
    enqueue(sessions, clinic)
    operator.status, at = 500, MONDAY
    for _minute in range(24 * 6):
        send(sessions, operator.gateway, at)
        at += timedelta(minutes=10)
    assert 1 < len(operator.asked) < MOST_ATTEMPTS
    assert len(set(operator.asked)) == 1  # one key, so that a gateway may tell that it has it already
    assert (message(sessions).status, message(sessions).error) == ("pending", "GatewayRefused")
    operator.status = 202
    for _hour in range(12):
        send(sessions, operator.gateway, at)
        at += timedelta(hours=1)
    assert len(operator.taken) == 1
    assert message(sessions).status == "sent"


def test_trying_stops_and_the_failure_shows(sessions: sessionmaker[Session], clinic: make.Clinic) -> None:
    enqueue(sessions, clinic)
    nowhere, at = Gateway("http://127.0.0.1:9/send"), MONDAY
    for _time in range(MOST_ATTEMPTS + 3):
        send(sessions, nowhere, at)
        at += timedelta(hours=7)
    assert (message(sessions).status, message(sessions).attempts) == ("failed", MOST_ATTEMPTS)


def test_a_person_without_a_number_is_a_failure_that_shows(
    sessions: sessionmaker[Session], clinic: make.Clinic, operator: Operator
) -> None:
    enqueue(sessions, clinic, phone="")
    assert send(sessions, operator.gateway) == 0
    assert (message(sessions).status, message(sessions).error) == ("failed", "no address")


def test_without_a_gateway_sms_wait(sessions: sessionmaker[Session], clinic: make.Clinic) -> None:
    enqueue(sessions, clinic)
    assert send(sessions, None) == 0
    assert message(sessions).status == "pending"
