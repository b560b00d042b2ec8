"""Answering on a phone: one question a screen, saved at once, and to ring when it is severe."""

from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.models import AuditEvent, Draft, DraftAnswer, QuestionnaireRequest, QuestionnaireResponse
from tests import make
from tests.actions import forms
from tests.pages import words

FORM = "weekly-symptoms"


@pytest.fixture
def asked(db: Session, clinic: make.Clinic, library) -> UUID:
    request = forms.ask(db, library, clinic, FORM)
    db.commit()
    return request.id


@pytest.fixture
def draft(db: Session, clinic: make.Clinic, library) -> UUID:
    begun = forms.begin(db, forms.ask(db, library, clinic, FORM), by=clinic.actor["astrid"])
    db.commit()
    return begun.id


def saved(db: Session) -> dict[str, object]:
    rows = db.execute(sa.select(DraftAnswer.link_id, DraftAnswer.value)).all()
    db.rollback()
    return dict(rows)


def test_the_start_says_why_who_reads_and_that_it_is_not_read_at_once(astrid, asked):
    page = astrid.get("patient.start", request_id=asked)
    assert page.heading == "Hur mår du den här veckan?"
    assert "Karin Lind läser dina svar. Är Karin borta läser Nils Berg." in page.text
    assert "Svaren läses inte direkt." in page.text
    assert "inte granskade av vårdpersonal" in page.text


def test_a_fresh_question_has_eleven_numbers_and_nothing_chosen(astrid, asked):
    astrid.get("patient.start", request_id=asked)
    astrid.post("patient.start", request_id=asked)
    page = astrid.follow(astrid.response)
    numbers = [radio["value"] for radio in page.select("input[type=radio]")]
    assert numbers == [*map(str, range(11)), "declined"]
    assert not page.select("[checked]")
    assert words(page.select_one(".app-progress")) == "Fråga 1 av 12 , ungefär 4 minuter"
    assert "De senaste 7 dagarna." in page.text


def test_an_answer_is_saved_when_it_is_sent_and_goes_to_the_next_question(astrid, db, draft):
    astrid.get("patient.answer", draft_id=draft, link_id="breathlessness")
    astrid.post("patient.answer", {"answer": "0"}, draft_id=draft, link_id="breathlessness")
    assert astrid.location.endswith("/pain")
    assert saved(db) == {"breathlessness": 0}
    again = astrid.get("patient.answer", draft_id=draft, link_id="breathlessness")
    assert [radio["value"] for radio in again.select("[checked]")] == ["0"]


def test_one_goes_on_in_another_browser_at_the_first_unanswered_question(human, app, db, asked):
    phone = human(app, "astrid")
    phone.get("patient.start", request_id=asked)
    phone.post("patient.start", request_id=asked)
    for number in "345":
        question = phone.location
        phone.open(question)
        phone.send(question, {"answer": number if "fever" not in question else "no"})
    computer = human(app, "astrid")
    home = computer.get("patient.home")
    assert "3 av 12 frågor är klara." in home.text
    page = computer.open(home.find("a", string="Fortsätt på fråga\u00a04")["href"])
    assert "Fråga 4 av 12" in page.text


def test_an_empty_answer_is_asked_for_once_and_may_be_left(astrid, db, draft):
    astrid.get("patient.answer", draft_id=draft, link_id="pain")
    page = astrid.post("patient.answer", draft_id=draft, link_id="pain", expect=422)
    assert "Ett svar saknas" in page.text
    assert "Välj ett tal, eller Jag vill inte svara." in page.text
    assert page.title.text.startswith("Fel:")
    after = astrid.open(page.find("a", string="Hoppa över")["href"])
    assert "feber" in after.heading
    assert saved(db) == {}


@pytest.mark.parametrize(
    ("link_id", "value", "sentence"),
    [
        ("pain", "11", "Välj ett tal från 0 till 10."),
        ("pain", "-1", "Välj ett tal från 0 till 10."),
        ("pain", "mycket", "Skriv svaret med siffror."),
        ("fever", "maybe", "Välj ett av svaren på sidan."),
        ("anything-else", "x" * 4001, "Texten är för lång. Skriv högst 4 000 tecken."),
    ],
)
def test_a_wrong_answer_is_one_sentence_and_nothing_is_saved(astrid, db, draft, link_id, value, sentence):
    astrid.get("patient.answer", draft_id=draft, link_id=link_id)
    page = astrid.post("patient.answer", {"answer": value}, draft_id=draft, link_id=link_id, expect=422)
    assert sentence in page.text
    if link_id == "anything-else":
        assert value in page.textarea.text
    assert saved(db) == {}


def test_a_text_of_five_megabytes_is_refused_in_one_sentence_and_nothing_is_lost(astrid, db, draft):
    astrid.get("patient.answer", draft_id=draft, link_id="pain")
    astrid.post("patient.answer", {"answer": "4"}, draft_id=draft, link_id="pain")
    astrid.get("patient.answer", draft_id=draft, link_id="anything-else")
    page = astrid.post(
        "patient.answer", {"answer": "x" * 5_000_000}, draft_id=draft, link_id="anything-else", expect=413
    )
    assert page.heading == "Det du skickade är för stort"
    assert saved(db) == {"pain": 4}


def test_a_question_that_is_not_shown_or_not_there_is_not_answered(astrid, db, draft):
    astrid.get("patient.answer", draft_id=draft, link_id="pain")
    page = astrid.post("patient.answer", {"answer": "yes"}, draft_id=draft, link_id="pain-now", expect=422)
    assert page.heading == "Frågan visas inte"
    astrid.get("patient.answer", draft_id=draft, link_id="no-such-question", expect=404)
    assert saved(db) == {}


def test_a_severe_answer_says_at_once_whom_to_ring(astrid, db, draft):
    astrid.get("patient.answer", draft_id=draft, link_id="breathlessness")
    astrid.post("patient.answer", {"answer": "8"}, draft_id=draft, link_id="breathlessness")
    page = astrid.follow(astrid.response)
    assert page.heading == "Ring oss nu"
    assert "Du svarade 8 av 10 på frågan om andnöd." in page.text
    assert "Nu, till klockan 16" in page.text
    numbers = [link["href"] for link in page.select(".app-call a[href^=tel]")]
    assert numbers == ["tel:0980319200", "tel:1177", "tel:112"]
    assert "Formuläret läses inte direkt." in page.text
    change = page.find("a", string="Jag svarade fel. Ändra svaret.")
    assert change["href"].endswith("/breathlessness")
    astrid.send(astrid.url("patient.call_now", draft_id=draft, link_id="breathlessness"))
    assert astrid.location.endswith("/breathlessness-now")


def test_at_night_the_advice_line_comes_first(human, app, clock, draft):
    clock.at = make.MONDAY + timedelta(hours=10)
    astrid = human(app, "astrid")
    astrid.get("patient.answer", draft_id=draft, link_id="pain")
    astrid.post("patient.answer", {"answer": "9"}, draft_id=draft, link_id="pain")
    page = astrid.follow(astrid.response)
    numbers = [link["href"] for link in page.select(".app-call a[href^=tel]")]
    assert numbers == ["tel:1177", "tel:0980319200", "tel:112"]
    assert "Stängt nu, öppnar i morgon klockan 8" in page.text


def test_a_form_that_is_over_or_taken_back_says_so_in_one_sentence(human, app, db, clock, draft):
    clock.at = make.MONDAY + timedelta(days=8)
    astrid = human(app, "astrid")
    late = astrid.get("patient.answer", draft_id=draft, link_id="pain", expect=410)
    assert late.heading == "Det är för sent att svara"
    request = db.get_one(Draft, draft).request
    request.status = "cancelled"
    db.commit()
    gone = astrid.get("patient.start", request_id=request.id, expect=410)
    assert gone.heading == "Frågorna är borttagna"


def test_another_patient_and_another_unit_reach_nothing_of_it(bo, karin, draft, asked):
    bo.get("patient.answer", draft_id=draft, link_id="pain", expect=404)
    bo.get("patient.start", request_id=asked, expect=404)
    karin.get("patient.answer", draft_id=draft, link_id="pain", expect=404)


def test_a_relative_who_may_help_fills_in_and_is_marked(lina, db, asked):
    page = lina.get("patient.start", request_id=asked)
    assert "Du svarar åt Astrid. Det syns på svaren att du har hjälpt till." in page.text
    lina.post("patient.start", request_id=asked)
    question = lina.location
    lina.open(question)
    lina.send(question, {"answer": "2"})
    draft_id = db.scalars(sa.select(Draft.id)).one()
    db.rollback()
    lina.get("patient.review", draft_id=draft_id)
    lina.post("patient.review", {"version": "2"}, draft_id=draft_id)
    receipt = lina.follow(lina.response)
    assert "en närstående har hjälpt till" in receipt.text
    assert db.scalars(sa.select(QuestionnaireResponse.is_by_relative)).one()
    db.rollback()
    lina.get("patient.trends", expect=404)


def test_a_patient_may_say_that_a_relative_helps_and_it_is_marked(astrid, db, asked):
    astrid.get("patient.start", request_id=asked)
    astrid.post("patient.start", {"narstaende": "yes"}, request_id=asked)
    draft_id = db.scalars(sa.select(Draft.id)).one()
    db.rollback()
    astrid.get("patient.review", draft_id=draft_id)
    astrid.post("patient.review", {"version": "1"}, draft_id=draft_id)
    assert db.scalars(sa.select(QuestionnaireResponse.is_by_relative)).one()


def test_every_read_is_in_the_log(astrid, db, asked):
    astrid.get("patient.start", request_id=asked)
    astrid.post("patient.start", request_id=asked)
    astrid.follow(astrid.response)
    events = list(db.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.id)))
    assert events[-3:] == ["read-request", "start-draft", "read-draft"]


def test_a_form_that_was_sent_shows_where_the_receipt_is(astrid, db, clinic, library, draft):
    forms.send(db, library.questionnaire(FORM), db.get_one(Draft, draft), by=clinic.actor["astrid"])
    request_id = db.scalars(sa.select(QuestionnaireRequest.id)).one()
    db.commit()
    for page in (
        astrid.get("patient.start", request_id=request_id),
        astrid.get("patient.answer", draft_id=draft, link_id="pain"),
        astrid.get("patient.review", draft_id=draft),
    ):
        assert page.heading == "Svaren är redan skickade"
