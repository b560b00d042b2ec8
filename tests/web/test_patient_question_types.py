"""Every type of question is drawn, read, saved and shown again as it was answered."""

from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.library import compile_questionnaire
from careplan.models import DraftAnswer
from tests import make
from tests.actions import forms
from tests.pages import words

FORM = """id: all-types
version: "1"
title: {sv: Alla sorter}
purpose: {sv: "Vi frågar för att veta."}
recall_period: {sv: just nu}
minutes: 3
languages: {sv: original}
owner: "Testet"
licence: {kind: own, note: ""}
sources: [{title: Egen, reference: egen}]
review: {status: not-reviewed}
sections: [{id: all, title: {sv: Allt}}]
items:
  - {link_id: before, section: all, type: info, text: {sv: "Nu kommer några frågor."}, short: {sv: Inledning}}
  - {link_id: walks, section: all, type: integer, text: {sv: "Hur ofta har du gått ut?"}, short: {sv: Promenader},
     min: 0, max: 50}
  - {link_id: weight, section: all, type: decimal, text: {sv: "Vad väger du?"}, short: {sv: Vikt}, unit: {sv: kg},
     min: 20, max: 300, declinable: false}
  - {link_id: started, section: all, type: date, text: {sv: "När började det?"}, short: {sv: Började}}
  - link_id: where
    section: all
    type: choices
    text: {sv: "Var känns det?"}
    short: {sv: Plats}
    options:
      - {value: arm, text: {sv: Armen}}
      - {value: leg, text: {sv: Benet}}
      - {value: nowhere, text: {sv: Ingenstans}, exclusive: true}
  - {link_id: words, section: all, type: text, text: {sv: "Vad vill du säga?"}, short: {sv: Egna ord}}
scores: []
rules: []
golden: []
"""


@pytest.fixture
def draft(db: Session, clinic: make.Clinic) -> UUID:
    library = forms.publish(db, compile_questionnaire(FORM, "all-types.yaml"), FORM)
    begun = forms.begin(db, forms.ask(db, library, clinic, "all-types"), by=clinic.actor["astrid"])
    db.commit()
    return begun.id


def saved(db: Session) -> dict[str, object]:
    rows = db.execute(sa.select(DraftAnswer.link_id, DraftAnswer.value)).all()
    db.rollback()
    return dict(rows)


@pytest.mark.parametrize(
    ("link_id", "sent", "value", "shown"),
    [
        ("walks", {"answer": "0"}, 0, "0"),
        ("weight", {"answer": "62,5"}, 62.5, "62,5\u00a0kg"),
        ("started", {"answer-day": "3", "answer-month": "9", "answer-year": "2026"}, "2026-09-03", "3 september 2026"),
        ("started", {"answer": "declined"}, None, "Jag vill inte svara"),
        ("where", {"answer": ["leg", "arm"]}, ["arm", "leg"], "Armen, Benet"),
        ("words", {"answer": "<b>Hej</b>"}, "<b>Hej</b>", "<b>Hej</b>"),
    ],
)
def test_an_answer_of_each_type_is_saved_and_shown_again(astrid, db, draft, link_id, sent, value, shown):
    astrid.get("patient.answer", draft_id=draft, link_id=link_id)
    astrid.post("patient.answer", sent, draft_id=draft, link_id=link_id)
    assert saved(db) == {link_id: value}
    again = astrid.get("patient.answer", draft_id=draft, link_id=link_id)
    kept = {tag["value"] for tag in again.select("input[checked], input[type=text][value]")}
    kept |= {area.text.strip() for area in again.select("textarea")}
    expected = {
        "3 september 2026": {"03", "09", "2026"},
        "Armen, Benet": {"arm", "leg"},
        "Jag vill inte svara": {"declined"},
    }
    assert kept == expected.get(shown, {shown.removesuffix("\u00a0kg")})
    rows = astrid.get("patient.review", draft_id=draft).select(".nhsuk-summary-list__value")
    assert shown in [row.text for row in rows] or shown in [words(row) for row in rows]


@pytest.mark.parametrize(
    ("link_id", "sent", "sentence"),
    [
        ("walks", {"answer": "51"}, "Välj ett tal från 0 till 50."),
        ("walks", {"answer": "två"}, "Skriv svaret med siffror."),
        ("walks", {}, "Skriv ett svar, eller välj Jag vill inte svara."),
        ("weight", {"answer": "declined"}, "Skriv ett svar."),
        ("started", {"answer-day": "31", "answer-month": "2", "answer-year": "2026"}, "Skriv ett datum som finns"),
        ("where", {"answer": ["arm", "nowhere"]}, "Välj antingen det sista svaret eller något av de andra."),
        ("where", {}, "Välj ett svar, eller Jag vill inte svara."),
    ],
)
def test_a_wrong_answer_of_each_type_is_one_sentence_and_stays_on_the_page(astrid, db, draft, link_id, sent, sentence):
    astrid.get("patient.answer", draft_id=draft, link_id=link_id)
    page = astrid.post("patient.answer", sent, draft_id=draft, link_id=link_id, expect=422)
    assert sentence in page.text
    assert saved(db) == {}


def test_a_text_before_a_question_stands_above_it(astrid, draft):
    assert "Nu kommer några frågor." in astrid.get("patient.answer", draft_id=draft, link_id="walks").text
    assert "Nu kommer" not in astrid.get("patient.answer", draft_id=draft, link_id="weight").text


def test_own_words_may_be_left_empty(astrid, db, draft):
    astrid.get("patient.answer", draft_id=draft, link_id="words")
    astrid.post("patient.answer", {"answer": ""}, draft_id=draft, link_id="words")
    assert astrid.location.endswith("/granska")
    assert saved(db) == {}
