"""Every route, every person, one patient with canaries planted: who reaches what, and what a refusal gives away.

A route without a row in RULES fails; a row without a route fails, too.
"""

from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from careplan.library import Library
from careplan.models import (
    ActivityReport,
    AuditEvent,
    AuditEventPatient,
    CarePlan,
    Draft,
    OwnEvent,
    PatientNote,
    Share,
    Task,
)
from careplan.web.access import PUBLIC
from tests.make import Clinic
from tests.people import Human
from tests.web.access_rules import FAMILY, NURSES, OF_HANDOVER, OF_REFERRAL, PEOPLE, RULES, Astrid, methods
from tests.web.planting import CANARY, plant

REFUSED = {403, 404}  # 403: the capacity may not do this to anybody, whatever the address names

pytestmark = pytest.mark.usefixtures("printed_once")


@pytest.fixture
def her(db: Session, library: Library, clinic: Clinic) -> Astrid:
    return plant(db, library, clinic)


def test_every_route_has_its_row(app: Flask) -> None:
    routes = {rule.endpoint for rule in app.url_map.iter_rules()} - PUBLIC
    assert routes == set(RULES)


@pytest.mark.slow
@pytest.mark.parametrize("who", PEOPLE)
def test_nobody_reaches_what_is_not_theirs(app: Flask, db: Session, her: Astrid, who: str) -> None:
    human = Human(app, who)
    human.get("account.settings")
    before = _changes(db)
    for endpoint, rule in RULES.items():
        if who in rule.allowed:
            continue
        url = human.url(endpoint, **rule.values(her))
        nowhere = human.url(endpoint, **{name: _another(value) for name, value in rule.values(her).items()})
        for method in methods(app, endpoint):
            send = human.open if method == "GET" else human.send
            refused = send(url, endpoint=endpoint, expect=REFUSED)
            text = human.response.get_data(as_text=True)
            assert CANARY not in text, f"{who} at {endpoint}"
            assert who == "astrid" or "Astrid" not in text, f"{who} at {endpoint}"
            if nowhere != url:
                same = send(nowhere, endpoint=endpoint, expect=REFUSED)
                assert same.told() == refused.told(), f"{who} can tell at {endpoint}"
    assert _changes(db) == before, f"{who} changed something"


@pytest.mark.slow
@pytest.mark.parametrize("is_printed", [False, True], ids=["pages", "documents"])
@pytest.mark.parametrize("who", PEOPLE)
def test_everybody_reaches_what_is_theirs_and_the_log_says_so(
    app: Flask, db: Session, her: Astrid, who: str, is_printed: bool
) -> None:
    human = Human(app, who)
    for endpoint, rule in RULES.items():
        url = human.url(endpoint, **rule.values(her))
        if who not in rule.allowed or "GET" not in methods(app, endpoint) or url.endswith(".pdf") is not is_printed:
            continue
        seen = _last_event(db)
        response = human.client.get(url)
        assert response.status_code in {200, 302}, f"{who} at {endpoint}: {response.status_code}"
        is_document = response.mimetype == "application/pdf"
        text = "" if is_document else response.get_data(as_text=True)
        if (is_document and endpoint != "edit.proof") or CANARY in text:  # a template's proof is nobody's
            assert her.patient_id in _patients_since(db, seen), f"{who} read of Astrid at {endpoint}: no row in the log"
        theirs = {"freja": OF_REFERRAL, "lars": OF_HANDOVER}.get(who, set())
        if who not in NURSES | FAMILY and endpoint not in theirs:
            assert CANARY not in text, f"{who} reads of Astrid at {endpoint}"


def test_a_refused_attempt_stands_in_the_log(app: Flask, db: Session, her: Astrid, lars: Human) -> None:
    lars.get("staff.case", task_id=her.task_id, expect=404)
    denied = db.scalars(sa.select(AuditEvent).where(AuditEvent.outcome == "denied")).one()
    assert (denied.person_name, denied.object_id) == ("Lars Wik", str(her.task_id))


def test_what_the_family_may_not_see_is_not_hinted_at(app: Flask, her: Astrid, lina: Human) -> None:
    page = lina.get("patient.home")
    assert "kanarie comment" not in page.text
    assert not page.select(f'a[href*="{her.response_id}"]')


def test_access_ends_at_once_when_it_is_taken_back(app: Flask, her: Astrid, astrid: Human, lina: Human) -> None:
    lina.get("patient.chapter", plan_id=her.plan_id, chapter_id=her.chapter_id)
    astrid.get("patient.sharing")
    astrid.post("patient.end_sharing", share_id=her.share_id)
    lina.get("patient.chapter", plan_id=her.plan_id, chapter_id=her.chapter_id, expect=404)
    lina.get("documents.pdf", plan_id=her.plan_id, expect=404)


def _another(value: object) -> object:
    return UUID(int=0x4000_8000_0000_0000_0000) if isinstance(value, UUID) else value


def _changes(db: Session) -> tuple[object, ...]:
    """What a refused request must leave as it was."""
    db.rollback()
    db.expire_all()
    found = (
        db.scalar(sa.select(sa.func.max(Draft.version))),
        db.scalar(sa.select(sa.func.max(CarePlan.version))),
        db.scalar(sa.select(sa.func.count()).select_from(Share).where(Share.to_at.is_(None))),
        tuple(db.scalars(sa.select(Task.version).order_by(Task.id))),
        db.scalar(sa.select(sa.func.count()).select_from(ActivityReport)),
        db.scalar(sa.select(sa.func.count()).select_from(OwnEvent).where(OwnEvent.removed_at.is_(None))),
        db.scalar(sa.select(sa.func.count()).select_from(PatientNote).where(PatientNote.answered_at.is_(None))),
    )
    db.rollback()
    return found


def _last_event(db: Session) -> int:
    found = db.scalar(sa.select(sa.func.max(AuditEvent.id))) or 0
    db.rollback()
    return found


def _patients_since(db: Session, event_id: int) -> set[UUID]:
    one = db.scalars(sa.select(AuditEvent.patient_id).where(AuditEvent.id > event_id))
    many = db.scalars(sa.select(AuditEventPatient.patient_id).where(AuditEventPatient.event_id > event_id))
    found = {patient_id for patient_id in [*one, *many] if patient_id}
    db.rollback()
    return found
