"""Questionnaires of any length, and forms asked for, for the tests of what is done with answers."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from careplan.actions import responses
from careplan.domain.answers import Answer, answered
from careplan.domain.identity import Actor
from careplan.domain.questionnaire import Questionnaire
from careplan.domain.team import Contact
from careplan.library import Library, compile_questionnaire
from careplan.models import ContentVersion, Draft, QuestionnaireRequest
from careplan.queries.team import contact_for
from tests import make

ITEM = """  - link_id: q{n}
    section: all
    type: scale
    text: {{sv: "Hur mycket besvär {n}?"}}
    short: {{sv: Besvär {n}}}
    scale: {{min: 0, max: 10, low: {{sv: Inget}}, high: {{sv: Värsta tänkbara}}}}
    higher_means: more-trouble
    wish: true
"""
FORM = """id: form-{items}
version: "1"
title: {{sv: Ett formulär}}
purpose: {{sv: "Vi frågar för att veta."}}
recall_period: {{sv: de senaste 7 dagarna}}
minutes: 3
languages: {{sv: original}}
owner: "Testet"
licence: {{kind: own, note: ""}}
sources: [{{title: Egen, reference: egen}}]
review: {{status: not-reviewed}}
sections: [{{id: all, title: {{sv: Allt}}}}]
items:
{item_text}scores:
  - id: mean
    title: {{sv: Medel}}
    items: [{ids}]
    method: mean
    at_least: 2
    range: [0, 10]
    higher_means: more-trouble
    source: own
rules:
  - {{id: first-red, level: red, when: {{item: q1, at_least: 8}}, item: q1, owner: Testet, source: eget}}
  - {{id: first-yellow, level: yellow, when: {{item: q1, at_least: 5}}, item: q1, owner: Testet, source: eget}}
golden: []
"""


def form(items: int) -> tuple[Questionnaire, str]:
    """A form of so many 0-10 questions, and its text."""
    numbers = range(1, items + 1)
    text = FORM.format(
        items=items,
        item_text="".join(ITEM.format(n=n) for n in numbers),
        ids=", ".join(f"q{n}" for n in numbers),
    )
    return compile_questionnaire(text, f"form-{items}.yaml"), text


def publish(db: Session, questionnaire: Questionnaire, text: str) -> Library:
    db.add(
        ContentVersion(
            hash=questionnaire.hash,
            kind="questionnaire",
            content_id=questionnaire.id,
            lang="",
            version="1",
            text=text,
            published_at=make.MONDAY,
        )
    )
    db.flush()
    return Library({questionnaire.id: questionnaire}, {}, (), ())


def ask(
    db: Session,
    library: Library,
    clinic: make.Clinic,
    questionnaire_id: str,
    *,
    who: str = "astrid",
    at: datetime = make.MONDAY,
    days: int = 7,
) -> QuestionnaireRequest:
    return responses.request(
        db,
        library,
        patient_id=clinic.patient[who],
        unit_id=clinic.unit.id,
        questionnaire_id=questionnaire_id,
        opens_at=at,
        due_at=at + timedelta(days=days // 2),
        closes_at=at + timedelta(days=days),
        by=clinic.actor["karin"],
        at=at,
    )


def begin(db: Session, asked: QuestionnaireRequest, *, by: Actor, at: datetime = make.MONDAY) -> Draft:
    return responses.start(db, asked, lang="sv", by=by, at=at)


def fill(
    db: Session,
    questionnaire: Questionnaire,
    draft: Draft,
    answers: dict[str, int | str | Answer],
    *,
    by: Actor,
    at: datetime = make.MONDAY,
) -> None:
    for link_id, value in answers.items():
        answer = value if isinstance(value, Answer) else answered(value)
        responses.save_answer(db, questionnaire, draft, link_id, answer, by=by, at=at)


def send(
    db: Session,
    questionnaire: Questionnaire,
    draft: Draft,
    *,
    by: Actor,
    at: datetime = make.MONDAY,
    sending: responses.Sending | None = None,
    version: int | None = None,
) -> responses.Submitted:
    return responses.submit(
        db,
        questionnaire,
        draft,
        sending or responses.Sending(),
        contact=contact(db, draft, at=at),
        version=draft.version if version is None else version,
        device="phone",
        by=by,
        at=at,
    )


def contact(db: Session, draft: Draft, *, at: datetime) -> Contact:
    return contact_for(db, draft.request.patient_id, draft.request.unit_id, at=at)
