"""Looking through, sending once, and the receipt."""

from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import tasks
from careplan.models import Draft, QuestionnaireResponse, Task
from tests import make
from tests.actions import forms

FORM = "weekly-symptoms"
ANSWERS = {"breathlessness": 2, "pain": 0, "fever": "no", "fatigue": 7, "sleep": 5}


@pytest.fixture
def draft(db: Session, clinic: make.Clinic, library) -> UUID:
    begun = forms.begin(db, forms.ask(db, library, clinic, FORM), by=clinic.actor["astrid"])
    forms.fill(db, library.questionnaire(FORM), begun, ANSWERS, by=clinic.actor["astrid"])
    db.commit()
    return begun.id


def stored(db: Session) -> list[QuestionnaireResponse]:
    found = list(db.scalars(sa.select(QuestionnaireResponse)))
    db.rollback()
    return found


def content(page, **more: object) -> dict[str, object]:
    return {"version": page.select_one("input[name=version]")["value"], **more}


def test_the_review_lists_blanks_and_what_stands_out_and_chooses_nothing(astrid, draft):
    page = astrid.get("patient.review", draft_id=draft)
    assert page.heading == "Stämmer det här?"
    assert "6 frågor är inte besvarade. Börja med fråga" in page.text
    assert len(page.select(".nhsuk-inset-text a")) == 1
    rows = [row.dt.text for row in page.select("#svar ~ .nhsuk-summary-list .nhsuk-summary-list__row")]
    assert "Trötthet" in rows
    assert "Feber" not in rows
    assert "Visa de andra" in page.text
    assert not page.select("[checked]")
    wishes = [box["value"] for box in page.select("input[name=wishes]")]
    assert wishes == ["fatigue", "sleep", "breathlessness", "fever", "other", "none"]
    assert "Karin Lind läser svaren senast onsdag klockan 10.20." in page.text


def test_a_few_blanks_are_named_each_with_its_link(astrid, db, clinic, library):
    begun = forms.begin(db, forms.ask(db, library, clinic, FORM), by=clinic.actor["astrid"])
    all_but_three = ANSWERS | {"nausea": 1, "eating": 2, "bowel": 0}
    forms.fill(db, library.questionnaire(FORM), begun, all_but_three, by=clinic.actor["astrid"])
    db.commit()
    page = astrid.get("patient.review", draft_id=begun.id)
    assert "3 frågor är inte besvarade:" in page.text
    assert len(page.select(".nhsuk-inset-text a")) == 3


def test_an_answer_is_changed_from_the_review_and_one_is_back_there(astrid, draft):
    page = astrid.get("patient.review", draft_id=draft)
    change = next(link for link in page.find_all("a") if link.text == "Ändra trötthet")
    astrid.open(change["href"])
    astrid.send(change["href"], {"answer": "6"})
    assert astrid.location.endswith("/granska")
    assert "6 av 10" in astrid.follow(astrid.response).text


def test_a_change_that_opens_a_question_goes_there_first(astrid, draft):
    astrid.get("patient.review", draft_id=draft)
    astrid.post("patient.answer", {"answer": "8"}, draft_id=draft, link_id="pain", fran="granska")
    astrid.follow(astrid.response)
    astrid.post("patient.call_now", draft_id=draft, link_id="pain", fran="granska")
    assert "/pain-now?fran=granska" in astrid.location


def test_the_receipt_says_who_reads_it_and_by_when(astrid, db, draft):
    page = astrid.get("patient.review", draft_id=draft)
    sent = content(page, wishes=["fatigue", "sleep"], urgency="week", contact="yes", comment="Hej")
    astrid.post("patient.review", sent, draft_id=draft)
    receipt = astrid.follow(astrid.response)
    assert receipt.heading == "Tack. Dina svar är skickade."
    assert "Karin Lind läser dem" in receipt.text
    assert "senast onsdag klockan 10.20. Är Karin borta läser Nils Berg." in receipt.text
    assert "Det som behövs mest hjälp med: trötthet och sömnbesvär. Hjälpen behövs den här veckan." in receipt.text
    (response,) = stored(db)
    assert response.receipt in receipt.text
    assert "Har du ringt" not in receipt.text


def test_a_severe_answer_is_reminded_of_on_the_receipt(astrid, draft):
    astrid.get("patient.answer", draft_id=draft, link_id="pain")
    astrid.post("patient.answer", {"answer": "9"}, draft_id=draft, link_id="pain")
    astrid.follow(astrid.response)
    astrid.post("patient.call_now", draft_id=draft, link_id="pain")
    page = astrid.get("patient.review", draft_id=draft)
    assert "9 av 10. Du har läst att du ska ringa." in page.text
    assert "Karin Lind läser svaren senast i dag klockan 12.20." in page.text
    astrid.post("patient.review", content(page), draft_id=draft)
    receipt = astrid.follow(astrid.response)
    assert "Har du ringt om smärta?" in receipt.text
    assert "senast i dag klockan 12.20" in receipt.text


def test_sent_twice_it_is_one_response_and_the_same_receipt(astrid, db, draft):
    page = astrid.get("patient.review", draft_id=draft)
    sent = content(page, urgency="wait")
    astrid.post("patient.review", sent, draft_id=draft)
    first = astrid.location
    astrid.post("patient.review", sent, draft_id=draft)
    assert astrid.location == first
    assert len(stored(db)) == 1


def test_other_content_for_a_sent_draft_shows_what_was_sent(astrid, db, draft):
    page = astrid.get("patient.review", draft_id=draft)
    astrid.post("patient.review", content(page), draft_id=draft)
    again = astrid.post("patient.review", content(page, comment="Något mer"), draft_id=draft, expect=409)
    assert again.heading == "Svaren är redan skickade"
    assert "Det du skickade nu är inte sparat." in again.text
    assert "7 av 10" in again.text
    assert [response.comment for response in stored(db)] == [""]


def test_a_draft_changed_in_another_tab_is_shown_again_and_keeps_what_was_written(astrid, db, draft):
    page = astrid.get("patient.review", draft_id=draft)
    astrid.post("patient.answer", {"answer": "1"}, draft_id=draft, link_id="pain")
    again = astrid.post("patient.review", content(page, comment="Mina ord"), draft_id=draft, expect=409)
    assert "Ett svar har ändrats" in again.text
    assert again.textarea.text.strip() == "Mina ord"
    assert stored(db) == []
    astrid.post("patient.review", content(again, comment="Mina ord"), draft_id=draft)
    assert len(stored(db)) == 1


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"wishes": ["fatigue", "sleep", "fever"]}, "Välj högst två."),
        ({"wishes": ["none", "sleep"]}, "Välj antingen Inget just nu eller något av de andra."),
        ({"wishes": ["unknown"]}, "Välj bland det som står på sidan."),
        ({"urgency": "yesterday"}, "Välj ett av svaren på sidan."),
        ({"comment": "x" * 4001}, "Texten är för lång. Skriv högst 4 000 tecken."),
    ],
)
def test_a_wrong_choice_is_one_sentence_and_nothing_is_sent_or_lost(astrid, db, draft, sent, sentence):
    page = astrid.get("patient.review", draft_id=draft)
    again = astrid.post("patient.review", content(page, **{"comment": "Hej", **sent}), draft_id=draft, expect=422)
    assert sentence in again.text
    assert again.textarea.text.strip() == sent.get("comment", "Hej")
    assert stored(db) == []


def test_the_patient_sees_who_read_it_and_what_happens_next(astrid, db, clinic, draft):
    page = astrid.get("patient.review", draft_id=draft)
    astrid.post("patient.review", content(page), draft_id=draft)
    task = db.scalars(sa.select(Task)).one()
    response_id = task.response_id
    tasks.mark_read(db, task, by=clinic.actor["karin"], at=make.MONDAY)
    tasks.complete(
        db,
        task,
        outcome="booked",
        next_step="Freja ringer dig om tröttheten.",
        reason="",
        known_until=None,
        by=clinic.actor["karin"],
        at=make.MONDAY,
    )
    db.commit()
    read = astrid.get("patient.response", response_id=response_id)
    assert "Läst av Karin Lind i dag 10.20" in read.text
    assert "Nästa steg: Freja ringer dig om tröttheten." in read.text
    assert "Hur trött har du varit?" in read.text
    assert "Besvär i medeltal" in read.text
    assert "Går inte att räkna ut" in read.text


def test_another_patient_another_unit_and_a_relative_without_the_right_reach_nothing(
    astrid, bo, lina, lars, db, clinic, library, draft
):
    forms.send(db, library.questionnaire(FORM), db.get_one(Draft, draft), by=clinic.actor["astrid"])
    response_id = db.scalars(sa.select(QuestionnaireResponse.id)).one()
    db.commit()
    astrid.get("patient.receipt", response_id=response_id)
    for human in (bo, lina, lars):
        human.get("patient.receipt", response_id=response_id, expect=404)
        human.get("patient.response", response_id=response_id, expect=404)
    bo.get("patient.review", draft_id=draft, expect=404)


def test_without_its_token_nothing_is_sent(astrid, db, draft):
    page = astrid.get("patient.review", draft_id=draft)
    astrid.post("patient.review", content(page), draft_id=draft, token=False, expect=400)
    assert stored(db) == []
