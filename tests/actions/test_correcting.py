"""Corrections at once: one draft, one next version, and no answer replaced twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from careplan.actions import responses
from careplan.db import make_sessions
from careplan.models import QuestionnaireRequest, QuestionnaireResponse
from tests import make, stories
from tests.actions import forms

UNTIL = make.MONDAY + timedelta(days=14)


def test_two_who_open_what_was_sent_at_once_correct_the_same_draft(db, engine, clinic, library):
    response_id = stories.sent(db, library, clinic, "astrid", {"pain": 3}).id
    db.commit()
    both, sessions, astrid = Barrier(2), make_sessions(engine), clinic.actor["astrid"]

    def press_correct() -> UUID:
        both.wait()
        with sessions() as own:
            response = own.get_one(QuestionnaireResponse, response_id)
            draft = responses.correct(own, response, until=UNTIL, by=astrid, at=make.MONDAY)
            own.commit()
            return draft.id

    with ThreadPoolExecutor(2) as pool:
        drafts = {future.result() for future in [pool.submit(press_correct), pool.submit(press_correct)]}
    assert len(drafts) == 1
    corrections = sa.select(sa.func.count()).where(QuestionnaireRequest.corrects_id.is_not(None))
    assert db.scalar(corrections) == 1


def test_a_version_is_replaced_once(db, clinic, library):
    old = stories.sent(db, library, clinic, "astrid", {"pain": 3})
    astrid = clinic.actor["astrid"]
    draft = responses.correct(db, old, until=UNTIL, by=astrid, at=make.MONDAY)
    form = library.questionnaire(stories.FORM)
    responses.save_answer(db, form, draft, "pain", stories.answered(4), by=astrid, at=make.MONDAY)
    contact = stories.contact(db, clinic, "astrid")
    new = responses.submit(
        db, form, draft, responses.Sending(), contact=contact, version=draft.version, by=astrid, at=make.MONDAY
    ).response
    assert (new.number, new.replaces_id) == (2, old.id)
    with pytest.raises(responses.AlreadyCorrected) as refused:
        responses.correct(db, old, until=UNTIL, by=astrid, at=make.MONDAY)
    assert refused.value.newer_id == new.id
    again = forms.begin(db, forms.ask(db, library, clinic, stories.FORM), by=astrid)
    columns = QuestionnaireResponse.__table__.columns
    row = db.execute(sa.select(*columns).where(QuestionnaireResponse.id == new.id)).one()._asdict()
    row |= {"id": uuid4(), "draft_id": again.id, "request_id": again.request_id, "receipt": "0000-00000"}
    with pytest.raises(IntegrityError):  # all else is new, only what it replaces is not
        db.execute(sa.insert(QuestionnaireResponse.__table__), row)


def test_nothing_can_be_corrected_after_its_time(db, clinic, library):
    old = stories.sent(db, library, clinic, "astrid", {"pain": 3})
    with pytest.raises(responses.CorrectionClosed):
        responses.correct(db, old, until=UNTIL, by=clinic.actor["astrid"], at=UNTIL)
