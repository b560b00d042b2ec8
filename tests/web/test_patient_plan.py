"""The plan as the patient and a relative read it: what is now, one chapter, and older versions."""

from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import plans
from careplan.library import Library
from careplan.library.revisions import working_copy
from careplan.models import AuditEvent, CarePlan, Patient, Share
from careplan.queries import team
from tests.make import MONDAY, Clinic
from tests.pages import words

TEMPLATE = "breast-cancer"


@pytest.fixture
def plan_id(db: Session, library: Library, clinic: Clinic) -> UUID:
    """Astrid's plan, signed in version 1: in the phase of surgery, with a note and a visit."""
    by = clinic.actor["karin"]
    patient = db.get_one(Patient, clinic.patient["astrid"])
    plan = plans.draft(db, library, patient, TEMPLATE, lang="sv", treatments=["surgery"], by=by, at=MONDAY)
    change(db, library, clinic, plan, phase="surgery", notes={"fatigue": "Vila efter lunch."}, greeting="Hej.")
    plans.add_appointment(
        db,
        plan,
        starts_at=MONDAY + timedelta(days=3),
        title="Läkarbesök",
        place="Plan 3",
        preparation="",
        by=by,
        at=MONDAY,
    )
    sign(db, library, clinic, plan)
    db.commit()
    db.close()
    return plan.id


def change(db: Session, library: Library, clinic: Clinic, plan: CarePlan, **wanted: object) -> None:
    states = working_copy(library.plan(TEMPLATE, "sv"), plan)
    values: dict[str, object] = {
        "treatments": plan.treatments,
        "shown": {chapter_id for chapter_id, state in states.items() if state.shown},
        "notes": {},
        "greeting": plan.greeting,
        "phase": plan.phase,
    }
    plans.edit(db, library, plan, **(values | wanted), by=clinic.actor["karin"], at=MONDAY)


def sign(db: Session, library: Library, clinic: Clinic, plan: CarePlan) -> None:
    contact = team.contact_for(db, plan.patient_id, plan.unit_id, at=MONDAY)
    plans.sign(db, library, plan, contact=contact, by=clinic.actor["karin"], at=MONDAY)


def test_a_patient_without_a_signed_plan_is_told_so(bo):
    assert "Planen är inte klar än" in bo.get("patient.plan").text


def test_the_plan_opens_where_the_patient_is(astrid, plan_id, library):
    page = astrid.get("patient.plan")
    here = next(phase for phase in page.select(".app-phases > li") if "Här är du nu." in words(phase))
    assert words(here.h2) == "Operation"
    assert here.select(".app-card a") and not here.select("details")
    assert all(phase.select_one("details") for phase in page.select(".app-phases > li") if phase is not here)


def test_the_plan_shows_what_is_booked_and_who_signed(astrid, plan_id):
    page = astrid.get("patient.plan")
    assert "Torsdag 19 november klockan 10.20 Läkarbesök Plan 3" in page.text
    assert "Version 1. Signerad av Karin Lind 16 november 2026." in page.text


def test_a_chapter_shows_the_most_important_when_to_ring_and_the_nurses_words(astrid, plan_id, library):
    chapter = library.plan(TEMPLATE, "sv").chapter("fatigue")
    page = astrid.get("patient.chapter", plan_id=plan_id, chapter_id="fatigue")
    assert page.heading == chapter.title
    assert "Karin skriver till dig: Vila efter lunch." in page.text
    assert "Texten är inte granskad av vårdpersonal än." in page.text
    assert all(source.title in page.text for source in chapter.sources)
    page = astrid.get("patient.chapter", plan_id=plan_id, chapter_id="after-breast-surgery")
    ring = words(page.select_one(".app-card--now"))
    assert ring.startswith("Ring direkt, dygnet runt")
    assert "Vardagar 8–16: 0980-319 210 . Andra tider: 1177 ." in ring


def test_a_hidden_chapter_and_one_that_never_was_are_the_same_to_the_patient(astrid, plan_id):
    for chapter_id in ("nausea", "no-such-chapter"):
        astrid.get("patient.chapter", plan_id=plan_id, chapter_id=chapter_id, expect=404)


def test_a_new_version_is_marked_and_the_old_one_stays_readable(astrid, plan_id, db, library, clinic):
    astrid.get("patient.plan")
    plan = db.get_one(CarePlan, plan_id)
    change(db, library, clinic, plan, notes={"fatigue": "Sov middag."})
    sign(db, library, clinic, plan)
    db.commit()
    db.close()
    page = astrid.get("patient.plan")
    title = library.plan(TEMPLATE, "sv").chapter("fatigue").title
    assert f"{title} Ny anteckning till dig måndag 16 november" in page.text
    assert f"Ändrad anteckning i {title}" in page.text
    page = astrid.get("patient.plan", version=1)
    assert "Det här är en äldre version, från 16 november 2026. Läs planen som gäller nu" in page.text
    link = next(each for each in page.select("main a") if words(each) == title)
    assert "Vila efter lunch." in astrid.open(link["href"]).text


def test_a_relative_with_the_right_reads_the_plan_and_is_told_whose_it_is(lina, plan_id):
    page = lina.get("patient.plan")
    assert page.heading == "Plan för Astrid Ek"
    assert "Karin skriver till Astrid: Hej." in page.text
    assert "Din" not in page.heading and "gjord för dig" not in page.text
    page = lina.get("patient.chapter", plan_id=plan_id, chapter_id="fatigue")
    assert "Karin skriver till Astrid: Vila efter lunch." in page.text


def test_a_relative_without_that_right_reaches_nothing_of_it(lina, plan_id, db):
    share = db.scalars(sa.select(Share)).one()
    share.scopes = ["answers"]
    db.commit()
    db.close()
    lina.get("patient.plan", expect=404)
    lina.get("patient.chapter", plan_id=plan_id, chapter_id="fatigue", expect=404)


def test_another_patient_reaches_nothing_of_it(bo, lars, plan_id):
    assert "Planen är inte klar än" in bo.get("patient.plan").text
    bo.get("patient.plan", plan=plan_id, expect=404)
    bo.get("patient.chapter", plan_id=plan_id, chapter_id="fatigue", expect=404)
    lars.get("staff.plan_preview", plan_id=plan_id, expect=404)


def test_reading_is_logged(astrid, plan_id, db, clinic):
    astrid.get("patient.plan")
    astrid.get("patient.chapter", plan_id=plan_id, chapter_id="fatigue")
    read = db.scalars(sa.select(AuditEvent.action).where(AuditEvent.action.like("read-%"))).all()
    assert read == ["read-plan", "read-chapter"]


def test_swedish_text_in_an_english_page_says_its_language(astrid, plan_id, db, clinic):
    db.get_one(Patient, clinic.patient["astrid"]).person.language = "en"
    db.commit()
    db.close()
    page = astrid.get("patient.plan")
    assert page.html["lang"] == "en"
    assert all(heading["lang"] == "sv" for heading in page.select(".app-phases h2"))
    page = astrid.get("patient.chapter", plan_id=plan_id, chapter_id="fatigue")
    assert page.h1["lang"] == "sv"
    assert all(text.find_parent(lang="sv") or text.get("lang") == "sv" for text in page.select(".app-text"))
