"""Asked once: an answer to the same question in another form, or of last time, is shown to be confirmed."""

from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.domain.answers import DECLINED
from careplan.library import Library
from careplan.models import DraftAnswer, QuestionnaireResponse, ResponseAnswer, Share, Task
from tests import make, stories
from tests.actions import forms
from tests.pages import words
from tests.people import Human

YESTERDAY = make.MONDAY - timedelta(days=1)
FIRST, NEXT, STEADY = "needs", "late-effects", "habits"
TROUBLES = {"troubles": ("pain", "sleep")}  # what has to be chosen before these are asked for


@pytest.fixture
def begun(db: Session, clinic: make.Clinic, library: Library):
    """Sends a form with these answers, and begins another; the draft's id."""

    def begin(first: str, answers: dict, then: str, at=YESTERDAY, chosen: dict | None = None) -> UUID:
        stories.sent(db, library, clinic, "astrid", answers, form=first, at=at)
        draft = forms.begin(db, forms.ask(db, library, clinic, then), by=clinic.actor["astrid"])
        forms.fill(db, library.questionnaire(then), draft, chosen or {}, by=clinic.actor["astrid"])
        db.commit()
        return draft.id

    return begin


def saved(db: Session, draft_id: UUID) -> dict[str, object]:
    rows = db.execute(sa.select(DraftAnswer.link_id, DraftAnswer.value).where(DraftAnswer.draft_id == draft_id)).all()
    db.rollback()
    return dict(rows)


def offer(human: Human, draft_id: UUID, link_id: str):
    page = human.get("patient.answer", draft_id=draft_id, link_id=link_id)
    return page, page.select_one("section[aria-labelledby=tidigare]")


def test_an_answer_of_yesterday_in_another_form_is_confirmed_with_one_press(astrid, db, begun):
    draft_id = begun(NEXT, {**TROUBLES, "sleep": 6}, FIRST)
    page, shown = offer(astrid, draft_id, "sleep")
    assert "I går 10.20" in words(shown) and "6 av 10" in shown.text
    assert shown.find("button", string="Ja, det stämmer")
    assert not page.select("[checked]")
    assert saved(db, draft_id) == {}
    astrid.post("patient.answer", pressed(shown), draft_id=draft_id, link_id="sleep")
    assert saved(db, draft_id) == {"sleep": 6}


def pressed(shown) -> dict[str, str]:
    """What the button sends that gives an answer again."""
    return {each["name"]: each["value"] for each in shown.select("input") if each["name"] != "csrf_token"}


def confirmations(db: Session, draft_id: UUID) -> dict[str, UUID | None]:
    rows = db.execute(
        sa.select(DraftAnswer.link_id, DraftAnswer.confirmed_from_id).where(DraftAnswer.draft_id == draft_id)
    ).all()
    db.rollback()
    return dict(rows)


def test_an_answer_given_again_is_kept_apart_from_one_that_was_chosen(app, astrid, db, begun):
    draft_id = begun(NEXT, {**TROUBLES, "sleep": 6}, FIRST)
    first_id = db.scalars(sa.select(QuestionnaireResponse.id)).one()
    db.rollback()
    _page, shown = offer(astrid, draft_id, "sleep")
    astrid.post("patient.answer", pressed(shown), draft_id=draft_id, link_id="sleep")
    assert confirmations(db, draft_id) == {"sleep": first_id}
    astrid.get("patient.review", draft_id=draft_id)
    astrid.post("patient.review", {"version": "2"}, draft_id=draft_id, expect=303)
    answers = db.execute(
        sa.select(ResponseAnswer.link_id, ResponseAnswer.confirmed_from_id)
        .join(QuestionnaireResponse, QuestionnaireResponse.id == ResponseAnswer.response_id)
        .where(QuestionnaireResponse.draft_id == draft_id, ResponseAnswer.confirmed_from_id.is_not(None))
    ).all()
    task_id = db.scalars(
        sa.select(Task.id)
        .join(QuestionnaireResponse, QuestionnaireResponse.id == Task.response_id)
        .where(QuestionnaireResponse.draft_id == draft_id)
    ).one()
    db.rollback()
    assert [tuple(row) for row in answers] == [("sleep", first_id)]
    page = Human(app, "karin").get("staff.case", task_id=task_id)
    assert "bekräftat från 15 november 2026" in page.text
    assert page.text.count("bekräftat från") == 1


def test_an_answer_changed_after_it_was_confirmed_is_a_chosen_one(astrid, db, begun):
    draft_id = begun(NEXT, {**TROUBLES, "sleep": 6}, FIRST)
    _page, shown = offer(astrid, draft_id, "sleep")
    astrid.post("patient.answer", pressed(shown), draft_id=draft_id, link_id="sleep")
    page = astrid.get("patient.answer", draft_id=draft_id, link_id="sleep")
    seen = page.select_one("input[name=seen]")["value"]
    astrid.post("patient.answer", {"answer": "3", "seen": seen}, draft_id=draft_id, link_id="sleep", expect=303)
    assert confirmations(db, draft_id) == {"sleep": None}


def test_another_value_sent_as_confirmed_is_taken_as_chosen(astrid, db, begun):
    draft_id = begun(NEXT, {**TROUBLES, "sleep": 6}, FIRST)
    _page, shown = offer(astrid, draft_id, "sleep")
    astrid.post("patient.answer", pressed(shown) | {"answer": "2"}, draft_id=draft_id, link_id="sleep", expect=303)
    assert confirmations(db, draft_id) == {"sleep": None}


def test_what_may_raise_red_is_shown_but_has_to_be_chosen(astrid, begun):
    draft_id = begun(NEXT, {**TROUBLES, "pain": 6}, FIRST)
    page, shown = offer(astrid, draft_id, "pain")
    assert "6 av 10" in shown.text
    assert "Stämmer det fortfarande?" in shown.text
    assert not shown.select("button")
    assert not page.select("[checked]")


def test_an_answer_older_than_its_window_is_asked_anew(astrid, begun):
    draft_id = begun(NEXT, {**TROUBLES, "sleep": 6}, FIRST, at=make.MONDAY - timedelta(days=4))
    assert offer(astrid, draft_id, "sleep")[1] is None


def test_a_declined_answer_is_not_offered(astrid, begun):
    draft_id = begun(NEXT, {**TROUBLES, "sleep": DECLINED}, FIRST)
    assert offer(astrid, draft_id, "sleep")[1] is None


def test_once_answered_nothing_is_offered_any_more(astrid, begun):
    draft_id = begun(NEXT, {**TROUBLES, "sleep": 6}, FIRST, chosen={"sleep": 2})
    assert offer(astrid, draft_id, "sleep")[1] is None


def test_same_as_last_time_with_the_old_answer_and_its_day(astrid, db, begun):
    draft_id = begun(STEADY, {"smoking": "sometimes"}, STEADY, at=make.MONDAY - timedelta(days=90))
    _page, shown = offer(astrid, draft_id, "smoking")
    assert "Tisdag 18 augusti" in words(shown) and "Ja, ibland" in shown.text
    assert shown.find("button", string="Samma som sist")
    astrid.post("patient.answer", {"answer": "sometimes"}, draft_id=draft_id, link_id="smoking")
    assert saved(db, draft_id) == {"smoking": "sometimes"}


def test_several_choices_are_given_again_all_together(astrid, db, begun):
    draft_id = begun(STEADY, {"nicotine": ("snus", "pouches")}, STEADY)
    _page, shown = offer(astrid, draft_id, "nicotine")
    again = [each["value"] for each in shown.select("input[name=answer]")]
    astrid.post("patient.answer", {"answer": again}, draft_id=draft_id, link_id="nicotine")
    assert saved(db, draft_id) == {"nicotine": ["snus", "pouches"]}


def test_a_question_that_does_not_allow_it_shows_nothing(astrid, begun):
    draft_id = begun(STEADY, {"moving-days": 3}, STEADY)
    assert offer(astrid, draft_id, "moving-days")[1] is None


def test_a_helping_relative_sees_no_earlier_answer_unless_answers_are_shared(lina, db, begun):
    draft_id = begun(STEADY, {"smoking": "sometimes"}, STEADY)
    assert offer(lina, draft_id, "smoking")[1] is None
    share = db.scalars(sa.select(Share)).one()
    share.scopes = ["help", "answers"]
    db.commit()
    assert "Ja, ibland" in offer(lina, draft_id, "smoking")[1].text
