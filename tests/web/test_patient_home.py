"""The first page: whom to ring, what is next, what to answer, and what is new."""

from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import needs, plans, responses, tasks
from careplan.models import AuditEvent, CarePlan, Patient, Task
from careplan.queries.team import contact_for
from tests import make, stories
from tests.actions import forms

FORM = "weekly-symptoms"


def signed_plan(db: Session, library, clinic: make.Clinic, *, who: str = "astrid") -> CarePlan:
    karin = clinic.actor["karin"]
    definition = next(plan.id for plan in library.plans.values() if plan.icd10)
    patient = db.get_one(Patient, clinic.patient[who])
    plan = plans.draft(db, library, patient, definition, lang="sv", treatments=[], by=karin, at=make.MONDAY)
    contact = contact_for(db, patient.id, clinic.unit.id, at=make.MONDAY)
    plans.sign(db, library, plan, contact=contact, by=karin, at=make.MONDAY)
    db.commit()
    return plan


def test_home_names_the_nurse_her_hours_and_her_cover(astrid):
    page = astrid.get("patient.home")
    assert page.heading == "Hej Astrid"
    assert "Karin Lind" in page.text
    assert "Telefonen är öppen nu, till klockan 16." in page.text
    assert "Vardagar 8–16. När Karin är borta svarar Nils Berg." in page.text
    assert page.find("a", href="tel:0980319210")


def test_when_the_telephone_is_closed_it_says_when_it_opens(human, app, clock):
    clock.at = make.MONDAY + timedelta(hours=10)
    assert "Telefonen öppnar i morgon klockan 8." in human(app, "astrid").get("patient.home").text


def test_a_patient_with_nothing_yet_gets_a_calm_page(astrid):
    page = astrid.get("patient.home")
    assert "Ingen tid är bokad" in page.text
    assert "Inga svar är skickade än." in page.text
    assert "Att svara på" not in page.text


def test_the_next_visit_and_what_to_bring_stand_on_the_first_page(astrid, db, library, clinic):
    plan = signed_plan(db, library, clinic)
    plans.add_appointment(
        db,
        plan,
        starts_at=make.MONDAY + timedelta(days=3),
        title="Blodprov och samtal med Karin",
        place="Ingång B, plan 3",
        preparation="Ta med din läkemedelslista.",
        by=clinic.actor["karin"],
        at=make.MONDAY,
    )
    db.commit()
    page = astrid.get("patient.home")
    assert "Torsdag 19 november klockan 10.20" in page.text
    assert "Ta med din läkemedelslista." in page.text


def test_a_form_stands_with_its_length_and_last_day_and_one_filled_button(astrid, db, library, clinic):
    forms.ask(db, library, clinic, FORM)
    db.commit()
    page = astrid.get("patient.home")
    assert "12 frågor, ungefär 4 minuter. Svara senast torsdag 19 november." in page.text
    filled = [tag.text for tag in page.select(".nhsuk-button") if "nhsuk-button--secondary" not in tag["class"]]
    assert filled == ["Svara på frågorna"]


def test_who_has_sent_a_form_before_begins_it_from_the_first_page(astrid, db, library, clinic):
    stories.sent(db, library, clinic, "astrid", {"fatigue": 3}, at=make.MONDAY - timedelta(days=7))
    before = forms.begin(db, forms.ask(db, library, clinic, FORM), by=clinic.actor["astrid"])
    responses.pace(db, before, is_short=True, by=clinic.actor["astrid"], at=make.MONDAY)
    asked = forms.ask(db, library, clinic, FORM, at=make.MONDAY).id
    before.request.status = "failed"
    db.commit()
    page = astrid.get("patient.home")
    (form,) = page.select(f'form[action="/fragor/{asked}"]')
    assert form.button.text == "Svara på frågorna" and "Svaren läses inte direkt." in page.text
    astrid.post("patient.start", {"som-sist": "ja"}, request_id=asked)
    assert "/fraga/" in astrid.location
    astrid.follow(astrid.response)
    assert "i den här omgången" in astrid.page.text, "as short as she chose last"


def test_a_form_that_is_not_open_yet_or_over_does_not_stand_there(astrid, db, library, clinic):
    forms.ask(db, library, clinic, FORM, at=make.MONDAY + timedelta(days=1))
    forms.ask(db, library, clinic, FORM, at=make.MONDAY - timedelta(days=20))
    db.commit()
    assert "Att svara på" not in astrid.get("patient.home").text


def test_the_last_answers_stand_as_steps(astrid, db, library, clinic):
    patient, weekly = clinic.actor["astrid"], library.questionnaire(FORM)
    draft = forms.begin(db, forms.ask(db, library, clinic, FORM), by=patient)
    forms.fill(db, weekly, draft, {"fatigue": 7}, by=patient)
    forms.send(db, weekly, draft, by=patient)
    db.commit()
    page = astrid.get("patient.home")
    assert "Du skickade dem i dag 10.20" in page.text
    assert "Karin Lind läser dem senast onsdag klockan 10.20." in page.text


def test_answers_that_nobody_read_in_time_are_said_to_be_unread(human, app, clock, db, library, clinic):
    patient, weekly = clinic.actor["astrid"], library.questionnaire(FORM)
    draft = forms.begin(db, forms.ask(db, library, clinic, FORM), by=patient)
    forms.send(db, weekly, draft, by=patient)
    db.commit()
    clock.at = make.MONDAY + timedelta(days=3)
    page = human(app, "astrid").get("patient.home")
    assert "De är inte lästa än De skulle ha lästs senast i går klockan 10.20. Ring om du undrar." in page.text


def test_what_is_new_is_new_until_the_next_visit(human, app, clock, db, library, clinic):
    human(app, "astrid").get("patient.home")
    plan = signed_plan(db, library, clinic)
    contact = contact_for(db, plan.patient_id, clinic.unit.id, at=make.MONDAY)
    karin = clinic.actor["karin"]
    patient, weekly = clinic.actor["astrid"], library.questionnaire(FORM)
    draft = forms.begin(db, forms.ask(db, library, clinic, FORM), by=patient)
    forms.send(db, weekly, draft, by=patient)
    later = make.MONDAY + timedelta(hours=1)
    needs.set_goal(
        db,
        plan,
        text="Gå till affären utan att vila.",
        measure="",
        review_on=date(2026, 12, 1),
        activities=[],
        contact=contact,
        by=karin,
        at=later,
    )
    tasks.mark_read(db, db.scalars(sa.select(Task).where(Task.response_id.is_not(None))).one(), by=karin, at=later)
    db.commit()
    clock.at = make.MONDAY + timedelta(hours=2)
    astrid = human(app, "astrid")
    page = astrid.get("patient.home")
    assert "Din vårdplan är klar att läsa" in page.text
    assert "Nytt mål i rehabiliteringsplanen" in page.text
    assert "Gå till affären utan att vila." in page.text
    assert "Karin Lind har läst svaren" in page.text
    clock.at = make.MONDAY + timedelta(hours=4)
    astrid = human(app, "astrid")
    page = astrid.get("patient.home")
    assert "Nytt mål" not in page.text and "Din vårdplan är klar att läsa" in page.text  # it is not read yet
    astrid.get("patient.plan")
    assert "Inget nytt sedan måndag 16 november." in human(app, "astrid").get("patient.home").text


def test_a_relative_sees_what_is_shared_and_nothing_else(lina, db, library, clinic):
    patient, weekly = clinic.actor["astrid"], library.questionnaire(FORM)
    draft = forms.begin(db, forms.ask(db, library, clinic, FORM), by=patient)
    forms.fill(db, weekly, draft, {"fatigue": 7}, by=patient)
    forms.send(db, weekly, draft, by=patient)
    forms.ask(db, library, clinic, FORM)
    db.commit()
    page = lina.get("patient.home")
    assert "Här ser du det som Astrid Ek har delat med dig." in page.text
    assert "Hjälp till att svara" in page.text
    assert "Senaste svaren" not in page.text


def test_the_first_page_is_in_the_log(astrid, db):
    astrid.get("patient.home")
    assert "read-home" in set(db.scalars(sa.select(AuditEvent.action)))
