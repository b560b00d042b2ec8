"""Which plans a newer text touches: counted for editors, listed for the nurse whose patients they are."""

from flask import Flask
from sqlalchemy.orm import Session

from careplan.library import Library
from careplan.queries import publications
from careplan.web import shelf
from tests import stories
from tests.actions.texts import TEAM, publish, shelf_of_its_own, with_words
from tests.make import MONDAY, Clinic

__all__ = ["shelf_of_its_own"]


def test_a_chapter_reaches_each_template_that_shows_it_in_that_language(library: Library) -> None:
    swedish = publications.templates_with(library, TEAM)
    assert {plan.lang for plan in swedish} == {"sv"}
    assert len(swedish) > 20
    english = publications.templates_with(library, ("chapter", "your-team", "en"))
    assert {plan.lang for plan in english} == {"en"}


def test_a_template_reaches_itself_and_what_is_unknown_nothing(library: Library) -> None:
    plan = library.plan("general", "sv")
    assert publications.templates_with(library, ("plan", "general", "sv")) == [plan]
    assert publications.templates_with(library, ("plan", "nothing", "sv")) == []


def test_active_plans_are_counted_by_unit(db: Session, library: Library, clinic: Clinic) -> None:
    stories.signed_plan(db, library, clinic)
    touched = publications.touched(db, library, TEAM)
    assert (touched.by_unit, touched.plans) == ((("Bröstmottagningen", 1),), 1)


def test_a_nurse_sees_the_plans_of_her_own_patients_that_a_newer_text_touches(
    db: Session, library: Library, clinic: Clinic, shelf_of_its_own: Flask
) -> None:
    plan = stories.signed_plan(db, library, clinic)
    karin, lars = clinic.actor["karin"], clinic.actor["lars"]
    assert publications.affected_plans(db, karin, library, at=MONDAY) == []
    publish(db, library, clinic, notify="now")
    db.commit()
    shelf.refresh(shelf_of_its_own, at=MONDAY)
    newer = shelf_of_its_own.extensions["library"]
    (affected,) = publications.affected_plans(db, karin, newer, at=MONDAY)
    assert (affected.plan.id, affected.notify) == (plan.id, "now")
    assert publications.notify_of(db, plan, affected.definition) == "now"
    assert publications.affected_plans(db, lars, newer, at=MONDAY) == []


def test_what_can_wait_is_for_the_next_visit(
    db: Session, library: Library, clinic: Clinic, shelf_of_its_own: Flask
) -> None:
    stories.signed_plan(db, library, clinic)
    publish(db, library, clinic, with_words(library, "Te finns."))
    db.commit()
    shelf.refresh(shelf_of_its_own, at=MONDAY)
    newer = shelf_of_its_own.extensions["library"]
    (affected,) = publications.affected_plans(db, clinic.actor["karin"], newer, at=MONDAY)
    assert affected.notify == "next-visit"
