"""The form that asks whether it is still so says what it is about, to the one whose answers they were."""

from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.domain.answers import Answer
from careplan.library import Library
from careplan.models import Draft, QuestionnaireRequest, Share
from tests import stories
from tests.make import MONDAY, Clinic
from tests.people import Human

SAID = "svarade du: Andnöd 9 av 10, Smärta 8 av 10."


@pytest.fixture
def asked(db: Session, library: Library, clinic: Clinic) -> UUID:
    answers: dict[str, int | str | Answer] = {"breathlessness": 9, "pain": 8, "nausea": 7}
    stories.sent(db, library, clinic, "astrid", answers, at=MONDAY - timedelta(days=3), asks_again=True)
    found = db.scalars(sa.select(QuestionnaireRequest.id).where(QuestionnaireRequest.follows_id.is_not(None))).one()
    db.commit()
    return found


def test_the_patient_reads_what_it_is_about(astrid: Human, asked: UUID) -> None:
    assert "Är det fortfarande så?" in astrid.get("patient.home").text
    text = astrid.get("patient.start", request_id=asked).text.replace("\u00a0", " ")
    assert f"Den 13 november 2026 {SAID}" in text
    assert "Illamående" not in text


def test_a_relative_who_helps_does_not_read_the_answers(lina: Human, db: Session, asked: UUID) -> None:
    db.execute(sa.update(Share).values(scopes=["help"]))
    db.commit()
    text = lina.get("patient.start", request_id=asked).text.replace("\u00a0", " ")
    assert "av 10" not in text


def test_a_form_that_follows_nothing_says_nothing_of_earlier_answers(
    astrid: Human, db: Session, library: Library, clinic: Clinic
) -> None:
    draft = stories.asked(db, library, clinic, clinic.patient["astrid"], "still-there")
    db.commit()
    assert "svarade du" not in astrid.get("patient.start", request_id=draft.request_id).text


def test_worse_says_whom_to_ring(astrid: Human, db: Session, asked: UUID) -> None:
    astrid.get("patient.start", request_id=asked)
    astrid.post("patient.start", request_id=asked)
    draft_id = db.scalars(sa.select(Draft.id).where(Draft.request_id == asked)).one()
    db.rollback()
    astrid.get("patient.answer", draft_id=draft_id, link_id="since-then")
    astrid.post("patient.answer", {"answer": "worse"}, draft_id=draft_id, link_id="since-then")
    page = astrid.open(astrid.location)
    assert "Det är värre" in page.text or "det är värre" in page.text
    assert "1177" in page.text
