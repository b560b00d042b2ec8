"""What a unit tells about itself, and how it stands in the plans."""

import pytest
from sqlalchemy.orm import Session

from careplan.actions import plans, unit_facts
from careplan.library import Library
from careplan.library.revisions import chapters_in
from careplan.models import AuditEvent, Unit
from tests import stories
from tests.make import MONDAY, Clinic
from tests.people import Human

PARKING = "Parkera på P2. Det kostar 10 kronor i timmen."


def test_a_manager_tells_where_to_park_and_the_next_signed_plan_says_it(
    mia: Human, db: Session, library: Library, clinic: Clinic
):
    mia.get("manage.facts")
    mia.post("manage.facts", {"parking-sv": f"  {PARKING}\r\n"})
    page = mia.get("manage.facts")
    assert page.select_one("#parking-sv").text.strip() == PARKING
    assert "Hitta hit på svenska" in page.text
    plan = stories.signed_plan(db, library, clinic)
    texts = {each["id"]: str(each["sections"]) for each in chapters_in(plan.revisions[-1].content)}
    assert PARKING in texts["your-appointments"]
    assert "write-unit-facts" in [event.action for event in db.query(AuditEvent)]


def test_what_the_unit_has_not_told_leaves_no_hole(db: Session, library: Library, clinic: Clinic):
    plan = stories.signed_plan(db, library, clinic)
    text = str(next(each for each in chapters_in(plan.revisions[-1].content) if each["id"] == "your-appointments"))
    assert "{{" not in text and "Parkering" not in text
    assert "<p></p>" not in text and "<li></li>" not in text


def test_a_fact_in_another_language_than_swedish_gives_way_to_the_swedish_one(
    db: Session, library: Library, clinic: Clinic
):
    unit = db.get_one(Unit, clinic.unit.id)
    mia = clinic.actor["mia"]
    told = {"sv": {"parking": PARKING, "wards": "Plan 3."}, "en": {"parking": "Use P2."}}
    unit_facts.write(db, unit, told, by=mia, at=MONDAY)
    contact = stories.contact(db, clinic, "astrid")
    assert plans.patient_facts("Kim", contact, "en")["unit"]["parking"] == "Use P2."
    assert plans.patient_facts("Kim", contact, "en")["unit"]["wards"] == "Plan 3."


def test_a_fact_that_is_not_on_the_list_is_refused(db: Session, clinic: Clinic):
    unit = db.get_one(Unit, clinic.unit.id)
    with pytest.raises(unit_facts.UnknownFact):
        unit_facts.write(db, unit, {"sv": {"canteen": "Plan 1."}}, by=clinic.actor["mia"], at=MONDAY)
    with pytest.raises(unit_facts.FactTooLong):
        unit_facts.write(db, unit, {"sv": {"parking": "a" * 501}}, by=clinic.actor["mia"], at=MONDAY)


def test_a_text_that_is_too_long_is_kept_on_the_page_and_not_stored(mia: Human, db: Session, clinic: Clinic):
    mia.get("manage.facts")
    page = mia.post("manage.facts", {"parking-sv": "a" * 501, "wards-sv": "Plan 3."}, expect=422)
    assert "Skriv högst 500 tecken." in page.text
    assert page.select_one("#wards-sv").text.strip() == "Plan 3."
    assert db.get_one(Unit, clinic.unit.id).facts == {}


def test_markup_in_a_fact_is_shown_as_it_was_typed(mia: Human, db: Session, library: Library, clinic: Clinic):
    mia.get("manage.facts")
    mia.post("manage.facts", {"parking-sv": "<b>P2</b> {{ nurse.phone }} O'Hara 🅿️ \u05d7\u05e0\u05d9\u05d4"})
    plan = stories.signed_plan(db, library, clinic)
    text = str([each["sections"] for each in chapters_in(plan.revisions[-1].content)])
    assert "&lt;b&gt;P2&lt;/b&gt; {{ nurse.phone }} O&#39;Hara 🅿️ \u05d7\u05e0\u05d9\u05d4" in text
