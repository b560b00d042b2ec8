"""A form whose licence is not recorded: nobody sees it, prints it or orders it, and nothing is half stored."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from careplan.actions import content, questionnaires, responses
from careplan.library import Library
from careplan.models import Draft, Licence, OutboxMessage, PlanRevision, QuestionnaireRequest
from tests.content import bound
from tests.content.files import changed
from tests.make import MONDAY, Clinic
from tests.pages import Page, words
from tests.people import Human

SENTENCE = "Enhetens chef skriver in licensen för Two under Licenser."
LICENCE = {"instrument_id": "two", "holder": "Region Norrsken", "reference": "Dnr 12/2026"}


@pytest.fixture
def asking(app: Flask, db: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Library]:
    """An app whose one form is bound to an instrument that asks for registration; its one plan orders it at once."""
    loaded = Library.load(bound.content(tmp_path / "content", key=changed(bound.KEY, "{kind: free,", "{kind: paid,")))
    content.publish(db, loaded, at=MONDAY)
    db.commit()
    monkeypatch.setitem(app.extensions, "library", loaded)
    yield loaded


def record(db: Session, library: Library, clinic: Clinic) -> None:
    questionnaires.record_licence(db, library, unit_id=clinic.unit.id, by=clinic.actor["mia"], at=MONDAY, **LICENCE)
    db.commit()


def count(db: Session, table: type) -> int:
    db.rollback()
    return db.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def order(karin: Human, clinic: Clinic, *, expect: int) -> Page:
    astrid = clinic.patient["astrid"]
    karin.get("staff.patient", patient_id=astrid)
    return karin.post("staff.order_form", {"questionnaire": "short"}, patient_id=astrid, expect=expect)


def test_a_nurse_who_orders_it_is_told_in_one_sentence_and_nothing_is_stored(
    asking: Library, db: Session, clinic: Clinic, karin: Human
) -> None:
    page = order(karin, clinic, expect=409)
    assert SENTENCE in page.text
    assert (count(db, QuestionnaireRequest), count(db, OutboxMessage)) == (0, 0)
    record(db, asking, clinic)
    order(karin, clinic, expect=303)
    assert count(db, QuestionnaireRequest) == 1


def test_a_plan_is_signed_without_it_and_the_nurse_is_told_that_it_waits(
    asking: Library, db: Session, clinic: Clinic, karin: Human
) -> None:
    astrid = clinic.patient["astrid"]
    karin.get("staff.patient", patient_id=astrid)
    karin.post("staff.plan_start", {"template": "general"}, patient_id=astrid)
    plan_id = karin.location.rsplit("/", 1)[1]
    karin.open(karin.location)
    karin.get("staff.plan_preview", plan_id=plan_id)
    karin.post("staff.plan_sign", {}, plan_id=plan_id)
    page = karin.open(karin.location, endpoint="staff.patient")
    assert "Formuläret Kort beställs först när enhetens chef har skrivit in licensen för det." in words(page)
    assert (count(db, PlanRevision), count(db, QuestionnaireRequest)) == (1, 0)


@pytest.fixture
def open_request(asking: Library, db: Session, clinic: Clinic) -> QuestionnaireRequest:
    """Asked for while there was a licence, which is not there any more."""
    record(db, asking, clinic)
    asked = responses.request(
        db,
        asking,
        patient_id=clinic.patient["astrid"],
        unit_id=clinic.unit.id,
        questionnaire_id="short",
        opens_at=MONDAY - timedelta(hours=1),
        due_at=MONDAY + timedelta(days=2),
        closes_at=MONDAY + timedelta(days=5),
        by=clinic.actor["karin"],
        at=MONDAY,
    )
    responses.start(db, asked, lang="sv", by=clinic.actor["astrid"], at=MONDAY)
    db.execute(sa.delete(Licence))
    db.commit()
    return asked


def test_an_open_request_shows_the_patient_no_question(
    open_request: QuestionnaireRequest, asking: Library, db: Session, clinic: Clinic, astrid: Human
) -> None:
    draft_id = db.scalars(sa.select(Draft.id)).one()
    pages: list[tuple[str, dict[str, object]]] = [
        ("patient.start", {"request_id": open_request.id}),
        ("patient.answer", {"draft_id": draft_id, "link_id": "first"}),
        ("patient.review", {"draft_id": draft_id}),
    ]
    db.rollback()
    for endpoint, values in pages:
        page = astrid.get(endpoint, expect=409, **values)
        assert "Mottagningen behöver ordna en sak först." in page.text
        assert "Hur många?" not in page.text
    record(db, asking, clinic)
    for endpoint, values in pages[1:]:
        assert "Mottagningen behöver" not in astrid.get(endpoint, **values).text


@pytest.mark.parametrize("endpoint", ["staff.paper_form", "staff.key_in"])
def test_an_open_request_is_neither_printed_nor_keyed_in(
    open_request: QuestionnaireRequest, karin: Human, endpoint: str
) -> None:
    page = karin.get(endpoint, request_id=open_request.id, expect=409)
    assert SENTENCE in page.text and "Hur många?" not in page.text


def test_the_preview_shows_it_once_the_editors_unit_has_a_licence(
    asking: Library, db: Session, clinic: Clinic, edith: Human
) -> None:
    page = edith.get("edit.questionnaire", questionnaire_id="short", expect=409)
    assert SENTENCE in page.text and "Hur många?" not in page.text
    record(db, asking, clinic)
    assert "Hur många?" in edith.get("edit.questionnaire", questionnaire_id="short").text
