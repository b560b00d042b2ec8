"""A form may be more private than others: a relative who may read answers sees it only when the patient says so."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from careplan.library import Library
from careplan.models import QuestionnaireRequest, Share
from careplan.queries import trends as trend_queries
from tests import make, stories
from tests.people import Human

FORM = "intimacy"
SHARED = ["plan", "answers", "documents", "help"]


def share(db: Session, scopes: list[str]) -> None:
    db.scalars(sa.select(Share)).one().scopes = scopes


@pytest.fixture
def items(library: Library) -> dict[str, int | str]:
    form = library.questionnaire(FORM)
    assert form.is_sensitive
    return {item.link_id: item.options[0].value for item in form.questions[:1]}


def test_who_may_read_answers_and_help_sees_nothing_of_a_sensitive_form(
    app: Flask, db: Session, library: Library, clinic: make.Clinic, items: dict[str, int | str]
) -> None:
    share(db, SHARED)
    sent = stories.sent(db, library, clinic, "astrid", items, form=FORM)
    waiting = stories.asked(db, library, clinic, clinic.patient["astrid"], FORM)
    plain = stories.sent(db, library, clinic, "astrid", {"breathlessness": 2}, at=make.MONDAY - timedelta(days=3))
    db.commit()
    lina = Human(app, "lina")
    lina.get("patient.response", response_id=plain.id)
    for endpoint, values in (
        ("patient.response", {"response_id": sent.id}),
        ("patient.receipt", {"response_id": sent.id}),
        ("patient.start", {"request_id": waiting.request_id}),
        ("patient.review", {"draft_id": waiting.id}),
    ):
        lina.get(endpoint, expect=404, **values)
    for endpoint in ("patient.home", "patient.trends"):
        assert "Samliv" not in lina.get(endpoint).text


def test_the_patient_may_share_it_all_the_same(
    app: Flask, db: Session, library: Library, clinic: make.Clinic, items: dict[str, int | str]
) -> None:
    share(db, [*SHARED, "sensitive"])
    sent = stories.sent(db, library, clinic, "astrid", items, form=FORM)
    waiting = stories.asked(db, library, clinic, clinic.patient["astrid"], FORM)
    db.commit()
    lina = Human(app, "lina")
    lina.get("patient.response", response_id=sent.id)
    lina.get("patient.start", request_id=waiting.request_id)


def test_the_scope_alone_opens_nothing(
    app: Flask, db: Session, library: Library, clinic: make.Clinic, items: dict[str, int | str]
) -> None:
    share(db, ["plan", "sensitive"])
    sent = stories.sent(db, library, clinic, "astrid", items, form=FORM)
    db.commit()
    Human(app, "lina").get("patient.response", response_id=sent.id, expect=404)


def test_a_correction_of_a_sensitive_form_is_as_sensitive(
    app: Flask, db: Session, library: Library, clinic: make.Clinic, items: dict[str, int | str]
) -> None:
    share(db, SHARED)
    sent = stories.sent(db, library, clinic, "astrid", items, form=FORM)
    db.commit()
    astrid = Human(app, "astrid")
    astrid.get("patient.response", response_id=sent.id)
    astrid.post("patient.correct", response_id=sent.id, expect=303)
    correction = db.scalars(sa.select(QuestionnaireRequest).where(QuestionnaireRequest.corrects_id.is_not(None))).one()
    draft_id = correction.draft.id
    db.rollback()
    Human(app, "lina").get("patient.review", draft_id=draft_id, expect=404)


def test_the_nurse_and_the_patient_see_it_as_any_other_form(
    app: Flask, db: Session, library: Library, clinic: make.Clinic, items: dict[str, int | str]
) -> None:
    sent = stories.sent(db, library, clinic, "astrid", items, form=FORM)
    task_id = stories.task_of(db, sent).id
    at = make.MONDAY + timedelta(hours=1)
    assert trend_queries.trends(db, clinic.actor["lina"], clinic.patient["astrid"], at=at) == []
    db.commit()
    Human(app, "karin").get("staff.case", task_id=task_id)
    Human(app, "astrid").get("patient.response", response_id=sent.id)
