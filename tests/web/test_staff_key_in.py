"""Keying in from paper and by telephone: the page mirrors the paper, and nothing typed is lost."""

from datetime import timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from careplan.actions import responses, tasks
from careplan.domain.tasks import TaskKind
from careplan.models import AuditEvent, QuestionnaireResponse, Task, Transcript
from tests import make, stories
from tests.actions import forms

FORM = stories.FORM
ARRIVED = {"arrived_on-day": "13", "arrived_on-month": "11", "arrived_on-year": "2026"}


@pytest.fixture
def asked(db, clinic, library):
    made = forms.ask(db, library, clinic, FORM, who="aino")
    db.commit()
    return made.id


def typed(**answers):
    return {f"svar-{link_id.replace('_', '-')}": value for link_id, value in answers.items()}


def responses_in(db):
    db.rollback()
    found = db.scalars(sa.select(QuestionnaireResponse)).all()
    db.expunge_all()
    db.rollback()
    return found


def test_the_page_has_every_question_of_the_paper_and_nothing_chosen(karin, library, asked):
    page = karin.get("staff.key_in", request_id=asked)
    assert page.heading == "Mata in papperet från Aino Virtanen"
    for number, item in enumerate(library.questionnaire(FORM).questions, start=1):
        assert f"{number}. {item.text['sv']}" in page.text
        assert page.select(f'[name="svar-{item.link_id}"]')
    assert not page.select("[checked]")
    assert "Svara bara om du svarade 8 eller mer på fråga 1." in page.text


def test_a_paper_read_alike_by_two_is_sent_and_its_task_closed(db, clinic, karin, nils, asked):
    task = tasks.open_task(
        db,
        kind=TaskKind.PAPER,
        patient_id=clinic.patient["aino"],
        unit_id=clinic.unit.id,
        contact=stories.contact(db, clinic, "aino"),
        summary="Hur mår du den här veckan?",
        starts_at=make.MONDAY,
        at=make.MONDAY,
        request_id=asked,
    )
    task_id = task.id
    db.commit()
    karin.get("staff.case", task_id=task_id, expect=303)
    page = karin.follow(karin.response)
    assert page.find("input", {"name": "arrived_on-day"})["value"] == "16"
    data = typed(pain="9", nausea="illegible", sleep="declined", breathlessness="0") | ARRIVED
    karin.post("staff.key_in", data | {"wishes": "pain", "contact": "yes"}, request_id=asked)
    page = karin.follow(karin.response)
    assert "Sparat, men inte skickat." in page.text and "Ett svar kan behöva bedömas nu." in page.text
    assert "En till ska läsa" in page.text
    assert "Du har läst papperet." in karin.get("staff.key_in", request_id=asked).text

    again = nils.get("staff.key_in", request_id=asked)
    assert not again.select('[name="svar-nausea"]') and not again.select("[checked]")
    nils.post("staff.key_in", typed(pain="9", breathlessness="0"), request_id=asked)
    page = nils.follow(nils.response)
    [response] = responses_in(db)
    assert f"Kvitto {response.receipt}." in page.text
    assert (response.mode, response.illegible, response.wants_contact) == ("paper", ["nausea"], True)
    raised_id = stories.task_of(db, response).id
    assert db.get_one(Task, task_id).status == "completed"
    db.rollback()
    shown = nils.get("staff.case", task_id=raised_id)
    assert "Oläsligt på papperet" in shown.text and "Papperet kom 13 november 2026. Inmatat av Nils Berg." in shown.text


def test_two_who_read_differently_are_told_and_it_stays_in_the_list(db, karin, nils, asked):
    karin.get("staff.key_in", request_id=asked)
    karin.post("staff.key_in", typed(pain="3") | ARRIVED, request_id=asked)
    nils.get("staff.key_in", request_id=asked)
    nils.post("staff.key_in", typed(pain="8"), request_id=asked)
    page = nils.follow(nils.response)
    assert "Ni har läst olika." in page.text and "Två har läst olika: Smärta" in page.text
    assert responses_in(db) == []
    page = karin.get("staff.key_in", request_id=asked)
    assert page.select('[name="svar-pain"]') and not page.select('[name="svar-fever"]')


def test_by_telephone_the_answers_are_sent_at_once(db, karin, asked):
    page = karin.get("staff.key_in", request_id=asked, satt="telefon")
    assert page.heading == "Telefonintervju med Aino Virtanen"
    assert "Oläsligt" not in page.text and not page.select('[name="arrived_on-day"]')
    karin.post("staff.key_in", typed(pain="9") | {"narstaende": "yes"}, request_id=asked, satt="telefon")
    page = karin.follow(karin.response)
    [response] = responses_in(db)
    assert (response.mode, response.is_by_relative) == ("phone", True)
    assert "9 av 10" in page.text and "närstående" in page.text


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"svar-nausea": "11"}, "Välj ett tal från 0 till 10."),
        ({"svar-fever": "maybe"}, "Välj ett av svaren på sidan."),
        ({"svar-anything-else": ["Några ord", "illegible"]}, "Välj antingen Oläsligt eller ett svar."),
        ({"arrived_on-day": "31"}, "Den dagen finns inte. Kontrollera dag och månad."),
        ({"arrived_on-day": "17"}, "Skriv en dag som har varit, eller i dag."),
        ({"arrived_on-day": "", "arrived_on-month": "", "arrived_on-year": ""}, "Skriv dagen då papperet kom."),
        ({"wishes": ["pain", "nausea", "sleep"]}, "Välj högst två."),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence_and_nothing_typed_is_lost(db, karin, asked, wrong, sentence):
    karin.get("staff.key_in", request_id=asked)
    sent = typed(pain="4", anything_else="Några ord") | ARRIVED | {"comment": "Hej", "narstaende": "yes"} | wrong
    page = karin.post("staff.key_in", sent, request_id=asked, expect=422)
    assert sentence in page.select_one(".nhsuk-error-summary").get_text()
    assert page.select_one('[name="svar-pain"][value="4"]').has_attr("checked")
    assert page.find("textarea", {"name": "svar-anything-else"}).get_text(strip=True) == "Några ord"
    assert page.find("textarea", {"name": "comment"}).get_text(strip=True) == "Hej"
    assert page.find("input", {"name": "narstaende"}).has_attr("checked")
    assert responses_in(db) == []


def test_a_form_of_another_unit_is_a_form_that_does_not_exist(db, lars, karin, asked):
    page = lars.get("staff.key_in", request_id=asked, expect=404)
    assert page.text == lars.get("staff.key_in", request_id=uuid4(), expect=404).text
    db.rollback()
    denied = db.scalars(sa.select(AuditEvent.object_id).where(AuditEvent.outcome == "denied")).all()
    assert str(asked) in denied


def test_a_paper_of_another_form_is_refused_and_nothing_is_stored(db, karin, asked):
    karin.get("staff.key_in", request_id=asked)
    page = karin.post("staff.key_in", ARRIVED | {"svar-tired-of-walking": "3"}, request_id=asked, expect=404)
    assert page.heading == "Frågan finns inte" and "Inget är sparat." in page.text
    assert responses_in(db) == [] and db.scalars(sa.select(Transcript)).all() == []


def test_a_form_already_sent_says_so_and_keeps_what_was_typed(db, clinic, library, karin):
    request = forms.ask(db, library, clinic, FORM)
    db.commit()
    karin.get("staff.key_in", request_id=request.id)
    draft = forms.begin(db, request, by=clinic.actor["astrid"])
    forms.send(db, library.questionnaire(FORM), draft, by=clinic.actor["astrid"])
    db.commit()
    page = karin.post("staff.key_in", typed(pain="4") | ARRIVED, request_id=request.id, expect=409)
    assert "Svaren är redan skickade. Det du skrev nu är inte sparat." in page.text
    assert page.select_one('[name="svar-pain"][value="4"]').has_attr("checked")
    page = karin.get("staff.key_in", request_id=request.id)
    assert "Svaren är redan skickade." in page.text and not page.select('[name="svar-pain"]')


def test_a_form_whose_time_is_over_says_what_to_do(db, clock, clinic, karin, asked):
    clock.at = make.MONDAY + timedelta(minutes=5)
    karin.get("staff.key_in", request_id=asked)
    late = make.MONDAY + timedelta(days=8)
    responses.expire(db, by=clinic.actor["karin"], at=late)
    db.commit()
    page = karin.post("staff.key_in", typed(pain="4") | ARRIVED, request_id=asked, expect=409)
    assert "Beställ det igen på patientens sida" in page.text
    assert page.select_one('[name="svar-pain"][value="4"]').has_attr("checked")


def test_what_the_patient_has_begun_on_screen_is_said(db, clinic, library, karin):
    request = forms.ask(db, library, clinic, FORM)
    draft = forms.begin(db, request, by=clinic.actor["astrid"])
    forms.fill(db, library.questionnaire(FORM), draft, {"pain": 4}, by=clinic.actor["astrid"])
    db.commit()
    assert "har börjat svara själv på skärm" in karin.get("staff.key_in", request_id=request.id).text


def test_a_paper_that_cannot_be_keyed_in_is_closed_with_a_reason(db, clinic, karin, asked):
    karin.get("staff.key_in", request_id=asked)
    karin.post("staff.key_in", typed(pain="4") | ARRIVED, request_id=asked)
    db.rollback()
    task_id = db.scalars(sa.select(Task.id).where(Task.kind == TaskKind.PAPER)).one()
    db.rollback()
    page = karin.get("staff.case", task_id=task_id, stang="ja")
    assert "Inmatat" in page.text and page.select('[name="outcome"]')


def test_questions_are_shown_in_the_language_of_the_paper(karin, asked):
    page = karin.get("staff.key_in", request_id=asked, sprak="en")
    assert "How much pain have you had at worst?" in page.text
    assert "Visa frågorna på svenska" in page.text


def test_the_patients_page_leads_to_print_and_key_in(clinic, karin, asked):
    page = karin.get("staff.patient", patient_id=clinic.patient["aino"])
    for words in ("Skriv ut på papper", "med stor text", "Mata in papper", "Fråga per telefon"):
        assert page.find("a", string=words), words
