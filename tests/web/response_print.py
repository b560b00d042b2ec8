"""A sent form printed, and read as a person reads it."""

import re
from io import BytesIO
from uuid import UUID

import sqlalchemy as sa
from pypdf import PdfReader
from sqlalchemy.orm import Session

from careplan.actions import responses
from careplan.domain.answers import DECLINED, Answer, answered
from careplan.library import compile_questionnaire
from careplan.models import QuestionnaireResponse
from tests import make
from tests.actions import forms
from tests.people import Human

EVERY_ANSWER: dict[str, Answer] = {
    "tired": answered(0),
    "pain": answered(71),
    "helper": answered("other", "min granne"),
    "aids": answered(("stick", "other"), "sparkstötting"),
    "walks": DECLINED,
    "weight": answered(66.5),
    "visit": answered("2026-11-02"),
    "began": answered("2026-03"),
    "smoked": answered("1999"),
    "bedtime": answered("22:30"),
    "words": answered("Jag orkar\nmer nu <b>än</b> förra veckan"),
}


def printed(human: Human, response_id: UUID, **asked: str) -> PdfReader:
    human.get("documents.response", response_id=response_id, **asked)
    assert human.response.mimetype == "application/pdf"
    return PdfReader(BytesIO(human.response.get_data()))


def words(reader: PdfReader) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages))


def in_order(text: str, *parts: str) -> None:
    place = -1
    for part in parts:
        found = text.find(part, place + 1)
        assert found > place, f"{part!r} does not follow in {text!r}"
        place = found


def sent_form(
    db: Session,
    clinic: make.Clinic,
    text: str,
    given: dict[str, int | str | Answer],
    *,
    lang: str = "sv",
    who: str = "astrid",
    **sending: object,
) -> UUID:
    """Astrid's answers to a form that is made for the test, sent by her or by her daughter."""
    form, by = compile_questionnaire(text, "made.yaml"), clinic.actor[who]
    asked = forms.ask(db, forms.publish(db, form, text), clinic, form.id)
    draft = responses.start(db, asked, lang=lang, by=by, at=make.MONDAY)
    forms.fill(db, form, draft, given, by=by)
    made = forms.send(db, form, draft, by=by, sending=responses.Sending(**sending)).response
    found: UUID = made.id
    db.commit()
    return found


def receipt_of(db: Session, response_id: UUID) -> str:
    receipt = db.scalars(sa.select(QuestionnaireResponse.receipt).where(QuestionnaireResponse.id == response_id)).one()
    db.rollback()
    return receipt
