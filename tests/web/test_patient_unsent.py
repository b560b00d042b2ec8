"""A half-filled form that closes: the patient is told in time, and what was answered stays readable."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from careplan.actions import responses
from careplan.jobs import SYSTEM
from careplan.models import Draft, OutboxMessage
from tests import make, stories
from tests.actions import forms
from tests.people import Human

CLOSES = make.MONDAY + timedelta(days=7)
SOON = CLOSES - timedelta(days=1)


@pytest.fixture
def draft(db, clinic, library) -> Draft:
    """A week to answer; one answer is saved on the first day."""
    asked = forms.ask(db, library, clinic, stories.FORM)
    begun = forms.begin(db, asked, by=clinic.actor["astrid"])
    forms.fill(db, library.questionnaire(stories.FORM), begun, {"fatigue": 6}, by=clinic.actor["astrid"])
    db.commit()
    return begun


def told(db, at) -> int:
    count = responses.tell_of_expiry(db, by=SYSTEM, at=at)
    db.commit()
    return count


def test_who_has_begun_and_left_a_form_is_told_once_before_it_closes(db, draft):
    assert told(db, CLOSES - timedelta(days=3)) == 0
    assert told(db, SOON) == 1
    assert told(db, SOON + timedelta(hours=1)) == 0
    templates = list(db.scalars(sa.select(OutboxMessage.template)))
    assert templates.count("form-closing") == 1
    db.commit()


def test_nobody_is_told_of_a_form_without_answers_or_that_they_are_filling_in_now(db, clinic, library, draft):
    asked = forms.ask(db, library, clinic, stories.FORM, who="bo")
    forms.begin(db, asked, by=clinic.actor["bo"])
    forms.fill(db, library.questionnaire(stories.FORM), draft, {"sleep": 2}, by=clinic.actor["astrid"], at=SOON)
    db.commit()
    assert told(db, SOON + timedelta(hours=1)) == 0


def test_the_home_page_says_until_when_it_can_be_sent(astrid, draft):
    assert "Det du har svarat är sparat, och går att skicka senast måndag 23 november" in astrid.get(
        "patient.home"
    ).text.replace("\xa0", " ")


@pytest.mark.parametrize("is_closed_by_job", [True, False])
def test_after_it_closed_the_answers_stay_readable(app, db, clock, draft, is_closed_by_job):
    clock.at = CLOSES + timedelta(hours=2)
    if is_closed_by_job:
        assert responses.expire(db, by=SYSTEM, at=clock.at) == 1
        db.commit()
    astrid = Human(app, "astrid")
    page = astrid.get("patient.home")
    assert "och svaren skickades inte." in page.text
    page = astrid.open(page.find("a", string="Se det som var besvarat")["href"])
    assert page.heading == "Svar som inte skickades"
    assert "6 av 10" in page.text
    assert "Ingen på mottagningen har sett svaren." in page.text
    clock.at += timedelta(days=14)
    assert "svaren skickades inte" not in Human(app, "astrid").get("patient.home").text


def test_an_open_form_is_not_shown_as_unsent(astrid, draft):
    astrid.get("patient.unsent", draft_id=draft.id, expect=302)
    assert astrid.location.endswith("/granska")
