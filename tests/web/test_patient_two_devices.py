"""The same question open in two places: the answer that came first is never written over unseen."""

from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from careplan.library import Library
from careplan.models import DraftAnswer
from tests import make
from tests.actions import forms
from tests.pages import Page
from tests.people import Human

FORM = "weekly-symptoms"


@pytest.fixture
def draft(db: Session, clinic: make.Clinic, library: Library) -> UUID:
    begun = forms.begin(db, forms.ask(db, library, clinic, FORM), by=clinic.actor["astrid"])
    db.commit()
    return begun.id


@pytest.fixture
def telephone(app: Flask) -> Human:
    """Astrid again, at another device."""
    return Human(app, "astrid")


def show(human: Human, draft: UUID, link_id: str = "pain") -> Page:
    return human.get("patient.answer", draft_id=draft, link_id=link_id)


def save(human: Human, page: Page, draft: UUID, value: str, link_id: str = "pain", expect: int = 303) -> Page:
    seen = page.select_one("input[name=seen]")["value"]
    return human.post("patient.answer", {"answer": value, "seen": seen}, draft_id=draft, link_id=link_id, expect=expect)


def saved(db: Session) -> dict[str, object]:
    rows = dict(db.execute(sa.select(DraftAnswer.link_id, DraftAnswer.value)).all())
    db.rollback()
    return rows


def test_an_answer_from_another_device_is_shown_beside_the_new_and_nothing_is_saved(astrid, telephone, db, draft):
    first, second = show(astrid, draft), show(telephone, draft)
    save(telephone, second, draft, "6")
    page = save(astrid, first, draft, "3", expect=409)
    assert "Sparat: 6 av 10" in page.text
    assert "Ditt svar här, inte sparat: 3 av 10" in page.text
    assert "på en annan sida, telefon eller dator" in page.text
    assert [chosen["value"] for chosen in page.select("[checked]")] == ["3"]
    assert saved(db) == {"pain": 6}


def test_the_reader_chooses_the_own_answer_or_keeps_the_saved(astrid, telephone, db, draft):
    first, second = show(astrid, draft), show(telephone, draft)
    save(telephone, second, draft, "6")
    page = save(astrid, first, draft, "3", expect=409)
    kept = page.find("a", string="Behåll det sparade svaret")["href"]
    save(astrid, page, draft, "3")
    assert saved(db) == {"pain": 3}
    assert astrid.location == kept


def test_a_third_answer_in_the_meantime_is_shown_too(astrid, telephone, db, draft):
    first, second = show(astrid, draft), show(telephone, draft)
    save(telephone, second, draft, "6")
    page = save(astrid, first, draft, "3", expect=409)
    save(telephone, show(telephone, draft), draft, "5")
    page = save(astrid, page, draft, "3", expect=409)
    assert "Sparat: 5 av 10" in page.text
    assert saved(db) == {"pain": 5}


def test_the_same_answer_from_two_devices_is_no_matter(astrid, telephone, db, draft):
    first, second = show(astrid, draft), show(telephone, draft)
    save(telephone, second, draft, "6")
    save(astrid, first, draft, "6")
    assert saved(db) == {"pain": 6}


def test_who_helps_is_named(astrid, lina, db, draft):
    first, second = show(astrid, draft), show(lina, draft)
    save(lina, second, draft, "6")
    page = save(astrid, first, draft, "3", expect=409)
    assert "Lina Ek har svarat på frågan medan du hade den öppen." in page.text


def test_a_mistake_on_the_way_does_not_hide_the_other_answer(astrid, telephone, db, draft):
    first, second = show(astrid, draft), show(telephone, draft)
    save(telephone, second, draft, "6")
    page = save(astrid, first, draft, "", expect=422)
    save(astrid, page, draft, "3", expect=409)
    assert saved(db) == {"pain": 6}


def test_one_who_changes_their_mind_at_one_device_is_asked_nothing(astrid, db, draft):
    save(astrid, show(astrid, draft), draft, "6")
    save(astrid, show(astrid, draft), draft, "3")
    assert saved(db) == {"pain": 3}
