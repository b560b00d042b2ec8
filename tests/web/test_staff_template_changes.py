"""A newer template on the nurse's pages: the list, what differs, and the three choices."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from careplan.library import Library
from careplan.models import CarePlan, PlanRevision, TemplateDecision
from tests import stories
from tests.make import MONDAY, Clinic
from tests.people import Human
from tests.publishing import with_new_chapter

NEW = "Sov gott i natt."


@pytest.fixture
def plan(db: Session, library: Library, clinic: Clinic) -> CarePlan:
    made = stories.signed_plan(db, library, clinic)
    db.commit()
    return made


@pytest.fixture
def newer(app: Flask, db: Session, library: Library, plan: CarePlan) -> Iterator[Library]:
    """A shared chapter has another text since the plan was signed."""
    published = with_new_chapter(db, library, "sleep", lambda text: f"{text}\n{NEW}\n", at=MONDAY)
    db.commit()
    app.extensions["library"] = published
    yield published
    app.extensions["library"] = library


def choose(human: Human, plan: CarePlan, choice: str, reason: str = "", *, expect: int = 303):
    human.get("staff.template_change", plan_id=plan.id)
    return human.post("staff.template_change", {"choice": choice, "reason": reason}, plan_id=plan.id, expect=expect)


def test_a_nurse_sees_which_of_her_plans_it_concerns_and_what_differs(karin: Human, newer, plan, library):
    assert "Mallen har ändrats: 1 plan" in karin.get("staff.patients").text
    page = karin.get("staff.template_changes")
    assert "Astrid Ek" in page.text and "Bo Sjöberg" not in page.text
    page = karin.get("staff.template_change", plan_id=plan.id)
    title = library.plan("breast-cancer", "sv").chapter("sleep").title
    assert f"Ny text i {title}" in page.text
    assert f"Nytt: {NEW}" in page.text
    for endpoint, values in (
        ("staff.patient", {"patient_id": plan.patient_id}),
        ("staff.plan_edit", {"plan_id": plan.id}),
    ):
        assert "Mallen har ändrats. Se vad som är nytt och välj" in karin.get(endpoint, **values).text


def test_taken_over_now_it_is_signed_at_once_and_the_patient_reads_it(karin: Human, astrid: Human, newer, plan, db):
    assert NEW not in astrid.get("patient.chapter", plan_id=plan.id, chapter_id="sleep").text
    choose(karin, plan, "now")
    assert "Version 2 är signerad. Astrid ser den nu." in karin.open(karin.location, endpoint="staff.patient").text
    assert NEW in astrid.get("patient.chapter", plan_id=plan.id, chapter_id="sleep").text
    assert "Mallen har ändrats" not in karin.get("staff.patients").text
    assert "Alla dina planer har den nyaste mallen." in karin.get("staff.template_changes").text


def test_what_else_waits_is_looked_at_before_it_is_signed(karin: Human, newer, plan, db: Session):
    page = karin.get("staff.plan_edit", plan_id=plan.id)
    shown = [box["value"] for box in page.select("input[name=shown][checked]")]
    version = page.select_one("input[name=version]")["value"]
    karin.post("staff.plan_edit", {"shown": shown, "greeting": "Hej.", "version": version}, plan_id=plan.id)
    choose(karin, plan, "now")
    page = karin.open(karin.location, endpoint="staff.plan_preview")
    assert "Det finns mer som inte är signerat." in page.text
    assert db.scalar(sa.select(sa.func.count()).select_from(PlanRevision)) == 1


def test_put_off_it_stands_on_the_patients_page_until_it_is_done(karin: Human, astrid: Human, newer, plan):
    choose(karin, plan, "next-visit")
    page = karin.get("staff.patient", patient_id=plan.patient_id)
    assert "Vid nästa besök: ta över den nya mallen." in page.text
    assert "Karin Lind valde det 16 november 2026." in page.text
    assert "Tas över vid nästa besök." in karin.get("staff.template_changes").text
    assert NEW not in astrid.get("patient.chapter", plan_id=plan.id, chapter_id="sleep").text
    choose(karin, plan, "now")
    assert "Vid nästa besök" not in karin.get("staff.patient", patient_id=plan.patient_id).text


def test_declined_with_a_reason_it_is_not_asked_about_again(karin: Human, newer, plan, db: Session):
    page = choose(karin, plan, "never", expect=422)
    assert "Skriv varför den nya mallen inte passar." in page.text
    choose(karin, plan, "never", "Behandlingen är <slut>.")
    assert "Mallen har ändrats" not in karin.get("staff.patients").text
    page = karin.get("staff.patient", patient_id=plan.patient_id)
    assert "Karin Lind valde 16 november 2026 att inte ta över den: Behandlingen är <slut>." in page.text
    assert db.scalars(sa.select(TemplateDecision.choice)).all() == ["never"]


@pytest.mark.parametrize(
    ("data", "status"), [({}, 422), ({"choice": "sometimes"}, 422), ({"choice": "never", "reason": "a" * 1001}, 422)]
)
def test_a_choice_that_there_is_not_changes_nothing(karin: Human, newer, plan, db: Session, data, status):
    karin.get("staff.template_change", plan_id=plan.id)
    karin.post("staff.template_change", data, plan_id=plan.id, expect=status)
    assert db.scalar(sa.select(sa.func.count()).select_from(TemplateDecision)) == 0


def test_on_the_newest_version_there_is_nothing_to_choose(karin: Human, plan):
    karin.get("staff.template_change", plan_id=plan.id, expect=302)
    assert "Planen har redan den nyaste mallen." in karin.open(karin.location).text
