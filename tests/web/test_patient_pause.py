"""Little strength: short sittings, what matters most first, a pause after each, and the way back to where one was."""

from uuid import UUID

import pytest
import sqlalchemy as sa

from careplan.library import compile_questionnaire
from careplan.models import AuditEvent, Draft, DraftAnswer
from tests.actions import forms
from tests.content.grouped import GROUPED
from tests.web.at_the_tablet import entered
from tests.web.twenty import FORM, twenty


@pytest.fixture
def asked(db, clinic):
    library = forms.publish(db, *twenty())
    request = forms.ask(db, library, clinic, FORM)
    db.commit()
    return request.id


def begin(human, asked: UUID, **ticked: str) -> str:
    """The address of the first question."""
    human.get("patient.start", request_id=asked)
    human.post("patient.start", ticked, request_id=asked)
    return human.location


def answered_in_a_row(human, url: str, value: str = "1") -> list[str]:
    """Answers until something else than a question comes: the questions met, in their order."""
    met = []
    while url.rsplit("/", 1)[1].partition("?")[0] not in ("paus", "granska"):
        page = human.open(url)
        met.append(url.rsplit("/", 1)[1])
        assert f"Fråga {len(met)} av" in page.select_one(".app-progress").get_text().replace("\u00a0", " ")
        human.send(url, {"answer": value})
        url = human.location
    return met


def test_twenty_questions_come_in_three_sittings_what_may_raise_red_first(astrid, asked):
    url = begin(astrid, asked, lite="yes")
    assert "Fråga\u00a01 av 7 i den här omgången" in astrid.open(url).get_text()
    first = answered_in_a_row(astrid, url)
    assert first == ["q16", "q19", "q12", "q1", "q2", "q3", "q4"]
    pause = astrid.open(astrid.location)
    assert pause.heading == "Bra jobbat. Ta en paus om du vill."
    assert "7 svar är sparade." in pause.text and "13 frågor är kvar." in pause.text
    assert "Svaren läses först när du har skickat dem." in pause.text
    second = answered_in_a_row(astrid, pause.find("a", string="Fortsätt svara")["href"])
    assert second == ["q5", "q6", "q7", "q8", "q9", "q10", "q11"]
    pause = astrid.open(astrid.location)
    third = answered_in_a_row(astrid, pause.find("a", string="Fortsätt svara")["href"])
    assert third == ["q13", "q14", "q15", "q17", "q18", "q20"]
    review = astrid.open(astrid.location)
    assert review.heading == "Stämmer det här?"


def test_without_it_the_questions_come_in_their_own_order_in_a_row(astrid, db, asked):
    assert answered_in_a_row(astrid, begin(astrid, asked)) == [f"q{number}" for number in range(1, 21)]
    assert db.scalar(sa.select(Draft.short_after)) is None


def test_after_a_pause_a_later_visit_goes_on_where_one_was(human, app, asked):
    phone = human(app, "astrid")
    answered_in_a_row(phone, begin(phone, asked, lite="yes"))
    computer = human(app, "astrid")
    home = computer.get("patient.home")
    assert "7 av 20 frågor är klara." in home.text
    page = computer.open(home.find("a", string="Fortsätt svara")["href"])
    assert "besvär 5" in page.heading
    start = computer.get("patient.start", request_id=asked)
    assert start.find("input", {"name": "lite"}).has_attr("checked")
    computer.post("patient.start", {"lite": "yes"}, request_id=asked)
    assert computer.location.endswith("/q5")


def test_who_can_do_no_more_has_the_answer_saved_and_goes_on_with_what_matters_most(astrid, db, asked):
    url = begin(astrid, asked)
    for _number in range(2):
        astrid.open(url)
        astrid.send(url, {"answer": "4"})
        url = astrid.location
    astrid.open(url)
    astrid.send(url, {"answer": "2", "orkar": "nej"})
    pause = astrid.open(astrid.location)
    assert pause.heading == "Allt är sparat. Vila nu."
    assert "3 svar är sparade." in pause.text and "17 frågor är kvar." in pause.text
    assert db.scalar(sa.select(Draft.short_after)) == ["q1", "q2", "q3"]
    db.rollback()
    page = astrid.open(pause.find("a", string="Fortsätt svara")["href"])
    assert "besvär 16" in page.heading and "Fråga 1 av 7 i den här omgången" in page.text
    review = astrid.open(pause.find("a", string="Skicka det jag har svarat")["href"])
    assert "17 frågor är inte besvarade." in review.text
    astrid.post("patient.start", request_id=asked)
    assert db.scalar(sa.select(Draft.short_after)) is None
    assert "pace-draft" in db.scalars(sa.select(AuditEvent.action)).all()


def test_nothing_has_to_be_chosen_to_stop(astrid, db, asked):
    url = begin(astrid, asked)
    astrid.open(url)
    astrid.send(url, {"orkar": "nej"})
    assert "Inga svar är sparade än." in astrid.open(astrid.location).text
    assert db.scalar(sa.select(sa.func.count()).select_from(DraftAnswer)) == 0


def test_a_severe_answer_says_whom_to_ring_before_the_pause(astrid, asked):
    url = begin(astrid, asked, lite="yes")
    astrid.open(url)
    astrid.send(url, {"answer": "9", "orkar": "nej"})
    ring = astrid.location
    assert astrid.open(ring).heading == "Ring oss nu"
    astrid.send(ring)
    assert astrid.open(astrid.location).heading == "Allt är sparat. Vila nu."


def test_the_choice_is_remembered_for_the_next_form(astrid, db, clinic, library, asked):
    begin(astrid, asked, lite="yes")
    another = forms.ask(db, library, clinic, "weekly-symptoms").id
    db.commit()
    assert astrid.get("patient.start", request_id=another).find("input", {"name": "lite"}).has_attr("checked")


def test_the_pause_of_a_form_that_was_sent_says_that_it_was_sent(astrid, db, asked):
    begin(astrid, asked, lite="yes")
    draft_id = db.scalar(sa.select(Draft.id))
    db.rollback()
    review = astrid.get("patient.review", draft_id=draft_id)
    astrid.post("patient.review", {"version": review.find("input", {"name": "version"})["value"]}, draft_id=draft_id)
    assert astrid.get("patient.pause", draft_id=draft_id).heading == "Svaren är redan skickade"


@pytest.fixture
def grouped(db, clinic):
    """Astrid has told of her pain; a page of several questions comes next."""
    form = compile_questionnaire(GROUPED, "grouped.yaml")
    begun = forms.begin(
        db, forms.ask(db, forms.publish(db, form, GROUPED), clinic, "grouped"), by=clinic.actor["astrid"]
    )
    forms.fill(db, form, begun, {"pain": 6}, by=clinic.actor["astrid"])
    db.commit()
    return begun.id


def test_of_a_page_of_several_questions_what_was_chosen_is_saved_and_the_rest_comes_there_again(astrid, db, grouped):
    page = astrid.get("patient.answer", draft_id=grouped, link_id="back")
    shown = {tag["name"]: tag["value"] for tag in page.select("main input[type=hidden]")}
    chosen = shown | {"back.answer": "3", "orkar": "nej"}
    astrid.post("patient.answer", chosen, draft_id=grouped, link_id="back")
    pause = astrid.open(astrid.location)
    assert "2 svar är sparade." in pause.text
    assert db.scalar(sa.select(Draft.short_after)) == ["back", "pain"]
    db.rollback()
    page = astrid.open(pause.find("a", string="Fortsätt svara")["href"])
    assert "ställena" in page.heading and "i den här omgången" in page.text


def test_at_the_clinics_tablet_the_pause_leads_nowhere_but_on(app, karin, asked):
    tablet = entered(app, karin, asked)
    tablet.post("patient.start", {"lite": "yes"}, request_id=asked)
    url = tablet.location
    tablet.open(url)
    tablet.send(url, {"answer": "2", "orkar": "nej"})
    pause = tablet.open(tablet.location)
    assert pause.heading == "Allt är sparat. Vila nu."
    assert [link.get_text() for link in pause.select("main a.nhsuk-button")] == ["Fortsätt svara"]
