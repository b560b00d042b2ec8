"""Codes for the clinic's tablet: made, used once, counted, ended."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import kiosk, responses
from careplan.actions.kiosk import InvalidCode, NewCode, Opened
from careplan.actions.login import MOST_PER_ADDRESS, TooManyAttempts
from careplan.db import make_sessions
from careplan.library import Library
from careplan.models import CarePlan, KioskCode, LoginAttempt, QuestionnaireRequest, QuestionnaireResponse, Task
from careplan.queries.access import (
    NotVisible,
    get_draft_for,
    get_patient_for,
    get_request_for,
    scopes_of,
    visible,
    visible_patients,
)
from tests import make, stories
from tests.actions import forms

AT = make.MONDAY
HERE = "192.0.2.1"


@pytest.fixture
def asked(db: Session, library: Library, clinic: make.Clinic) -> QuestionnaireRequest:
    return forms.ask(db, library, clinic, stories.FORM)


@pytest.fixture
def made(db: Session, clinic: make.Clinic, asked: QuestionnaireRequest) -> NewCode:
    return kiosk.make_code(db, asked, by=clinic.actor["karin"], at=AT)


def enter(db: Session, digits: str, *, address: str = HERE, at=AT) -> Opened:
    return kiosk.enter(db, digits=digits, address=address, at=at)


def reason(db: Session, digits: str, *, at=AT) -> str:
    with pytest.raises(InvalidCode) as refused:
        enter(db, digits, at=at)
    return refused.value.reason


def test_only_hashes_are_kept(db, made):
    opened = enter(db, made.digits)
    row = db.execute(sa.select(KioskCode.__table__)).one()
    assert made.digits not in str(tuple(row))
    assert opened.token not in str(tuple(row))
    assert len(row.code_hash) == len(row.token_hash) == 64


def test_a_code_opens_once_until_it_expires(db, made, clinic, asked):
    assert reason(db, made.digits, at=made.expires_at) == "expired"
    assert enter(db, made.digits, at=made.expires_at - timedelta(seconds=1)).code.request_id == asked.id
    assert reason(db, made.digits) == "used"


def test_two_tablets_at_once_open_one(db, engine, made):
    db.commit()
    sessions = make_sessions(engine)

    def at_a_tablet(address: str) -> str:
        with sessions() as own:
            try:
                enter(own, made.digits, address=address)
            except InvalidCode as error:
                own.commit()
                return error.reason
            own.commit()
            return "opened"

    with ThreadPoolExecutor(4) as tablets:
        seen = sorted(tablets.map(at_a_tablet, [f"192.0.2.{number}" for number in range(4)]))
    assert seen == ["opened", "used", "used", "used"]


def test_of_one_form_the_newest_code_holds_and_of_others_each_its_own(db, made, clinic, library, asked):
    other = kiosk.make_code(db, forms.ask(db, library, clinic, stories.FORM, who="bo"), by=clinic.actor["karin"], at=AT)
    newer = kiosk.make_code(db, asked, by=clinic.actor["karin"], at=AT)
    assert reason(db, made.digits) == "expired"
    assert enter(db, newer.digits).code.request_id == asked.id
    assert enter(db, other.digits).code.request_id != asked.id


def test_a_newer_code_ends_the_session_that_the_older_one_opened(db, made, clinic, asked):
    token = enter(db, made.digits).token
    assert kiosk.session_of(db, token) is not None
    kiosk.make_code(db, asked, by=clinic.actor["karin"], at=AT)
    assert kiosk.session_of(db, token) is None


def test_leaving_ends_it_and_after_sending_keeps_when_it_was_sent(db, made):
    opened = enter(db, made.digits)
    kiosk.close(db, opened.code, at=AT + timedelta(minutes=5))
    kiosk.leave(db, opened.token, at=AT + timedelta(minutes=6))
    db.expire_all()
    row = db.scalars(sa.select(KioskCode)).one()
    assert (row.token_hash, row.ended_at) == (None, AT + timedelta(minutes=5))


def test_no_code_for_a_form_that_cannot_be_answered(db, clinic, library, asked):
    by = clinic.actor["karin"]
    with pytest.raises(responses.RequestClosed):
        kiosk.make_code(db, asked, by=by, at=asked.closes_at)
    sent = stories.sent(db, library, clinic, "astrid", {"pain": 1})
    with pytest.raises(responses.AlreadySent):
        kiosk.make_code(db, db.get_one(QuestionnaireRequest, sent.request_id), by=by, at=AT)


def test_guesses_are_counted_from_one_address_and_from_everywhere(db, made):
    for guess in range(MOST_PER_ADDRESS):
        reason(db, f"{guess:08}")
    with pytest.raises(TooManyAttempts):
        enter(db, made.digits)
    assert enter(db, made.digits, address="192.0.2.2").code.used_at == AT
    for number in range(kiosk.MOST_EVERYWHERE - MOST_PER_ADDRESS):
        db.add(LoginAttempt(username=kiosk.ATTEMPT, address=f"198.51.100.{number}", at=AT, succeeded=False))
    db.flush()
    with pytest.raises(TooManyAttempts):
        enter(db, made.digits, address="192.0.2.3")
    later = AT + timedelta(minutes=16)
    assert reason(db, made.digits, at=later) == "used"


def test_the_actor_of_a_tablet_reaches_its_request_and_what_came_of_it_alone(db, library, clinic, asked):
    stories.signed_plan(db, library, clinic)
    stories.sent(db, library, clinic, "astrid", {"breathlessness": 9})
    other = forms.begin(db, forms.ask(db, library, clinic, "needs"), by=clinic.actor["astrid"])
    own = forms.begin(db, asked, by=clinic.actor["astrid"])
    by = replace(clinic.actor["astrid"], only_request_id=asked.id)
    assert get_request_for(db, by, asked.id, at=AT) is asked
    assert get_draft_for(db, by, own.id, at=AT) is own
    for get, found in ((get_request_for, other.request_id), (get_draft_for, other.id)):
        with pytest.raises(NotVisible):
            get(db, by, found, at=AT)
    with pytest.raises(NotVisible):
        get_patient_for(db, by, clinic.patient["astrid"], at=AT)
    assert db.scalars(visible_patients(by, at=AT)).all() == []
    for model in (CarePlan, QuestionnaireResponse, Task):
        assert db.scalars(sa.select(model).where(visible(model, by, at=AT))).all() == []
    assert scopes_of(db, by, at=AT) == frozenset()
