"""Answers to grouped questions, where they are read: by the patient, by the nurse, and when they are corrected."""

from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.domain.answers import DECLINED
from careplan.library import Library, compile_questionnaire
from careplan.models import QuestionnaireResponse, Task
from tests import make
from tests.actions import forms
from tests.content.grouped import GROUPED
from tests.pages import Page, words

FORM = compile_questionnaire(GROUPED, "grouped.yaml")
ANSWERS = {
    "pain": 6,
    "back": 8,
    "head": 0,
    "taken": "yes",
    "medicine": "Alvedon",
    "often": "daily",
    "dose": 2,
    "medicine@2": "Ipren",
    "often@2": DECLINED,
    "slept": "well",
}


@pytest.fixture
def response(db: Session, clinic: make.Clinic) -> UUID:
    astrid = clinic.actor["astrid"]
    draft = forms.begin(db, forms.ask(db, forms.publish(db, FORM, GROUPED), clinic, FORM.id), by=astrid)
    forms.fill(db, FORM, draft, ANSWERS, by=astrid)
    forms.send(db, FORM, draft, by=astrid)
    response_id = db.scalars(sa.select(QuestionnaireResponse.id)).one()
    db.commit()
    return response_id


def rows(page: Page) -> dict[str, str]:
    return {words(row.dt): words(row.dd) for row in page.select(".nhsuk-summary-list__row")}


def test_the_patient_reads_each_row_with_what_it_is_about_and_each_instance(astrid, response):
    found = rows(astrid.get("patient.response", response_id=response))
    matrix = "Hur ont har du just nu, på de här ställena?"
    assert found[f"{matrix} Ryggen"] == "8 av 10"
    assert found[f"{matrix} Huvudet"] == "0 av 10"
    assert found[f"{matrix} Benen"] == "Inte besvarad"
    assert found["Vad heter läkemedlet?"] == "Alvedon"
    assert found["Vad heter läkemedlet? (2)"] == "Ipren"
    assert found["Hur ofta tar du det? (2)"] == "Jag vill inte svara"
    assert "Hur många tabletter om dagen? (2)" not in found
    assert found["Hur många tabletter om dagen?"] == "2 tabletter"


def test_the_nurse_reads_the_flagged_row_first_and_all_instances(karin, db, response):
    task_id = db.scalars(sa.select(Task.id).where(Task.response_id == response)).one()
    db.rollback()
    page = karin.get("staff.case", task_id=task_id)
    heads = [words(head) for head in page.select("tbody th[scope=row]")]
    assert heads[0] == "Hur ont har du just nu, på de här ställena? Ryggen"
    assert "Vad heter läkemedlet? (2)" in heads


def test_a_correction_takes_an_instance_away_and_says_so(astrid, db, response):
    astrid.get("patient.response", response_id=response)
    astrid.post("patient.correct", {}, response_id=response)
    draft = UUID(astrid.location.split("/")[-2])
    page = astrid.get("patient.instances", draft_id=draft, group_id="medicines")
    version = page.select_one("input[name=version]")["value"]
    astrid.post("patient.instances", {"bort": "1", "version": version}, draft_id=draft, group_id="medicines")
    page = astrid.get("patient.review", draft_id=draft)
    assert rows(page)["Läkemedel"] == "Ipren. Du skickade: Alvedon."
    version = page.select_one("input[name=version]")["value"]
    astrid.post("patient.review", {"version": version}, draft_id=draft)
    newest = db.scalars(sa.select(QuestionnaireResponse).where(QuestionnaireResponse.replaces_id == response)).one()
    kept = {row.link_id for row in newest.answers}
    db.rollback()
    assert "medicine@2" not in kept
    assert "medicine" in kept


def test_an_editor_reads_how_questions_stand_together(edith, app, monkeypatch):
    monkeypatch.setitem(app.extensions, "library", Library({"grouped": FORM}, {}, (), ()))
    page = edith.get("edit.questionnaire", questionnaire_id="grouped")
    assert "En rad av flera med samma svar: Hur ont har du just nu, på de här ställena?" in page.text
    assert "Frågas om igen, högst 4 gånger: Läkemedel mot smärta" in page.text
    assert "På en sida med fler frågor: Sömnen i natt" in page.text
    assert "Visas beroende på: Smärta" in page.text
