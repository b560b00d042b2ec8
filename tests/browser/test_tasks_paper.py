"""Patients on paper: what is keyed in, found again and missed is timed, too (N-10, A-4, A-10 and A-11)."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from careplan.actions import responses
from careplan.domain.answers import answered
from careplan.jobs import SYSTEM
from careplan.library import Library
from careplan.models import Patient
from careplan.queries.team import contact_for
from careplan.web.staff.paper import code_address
from tests import stories
from tests.actions import forms
from tests.actions.test_paper import key_in
from tests.browser.visitor import AT_A_DESK, Visit
from tests.conftest import Clock
from tests.make import MONDAY, Clinic
from tests.web.twenty import FORM as TWENTY
from tests.web.twenty import twenty

pytestmark = [pytest.mark.browser, AT_A_DESK]

SERVED = "http://127.0.0.1:8000"


def test_a4_the_code_on_the_paper_opens_the_right_patient_and_version(
    visit: Visit, app: Flask, db: Session, library: Library, clinic: Clinic
) -> None:
    asked = forms.ask(db, library, clinic, stories.FORM, who="aino")
    version = library.questionnaire(stories.FORM).version
    db.commit()
    with app.test_request_context():
        address = code_address(asked.id, "sv")
    karin = visit("karin")
    with karin.within(1):
        karin.clicks += 1  # the scan
        karin.go(address.removeprefix(SERVED))
    assert karin.heading == "Mata in papperet från Aino Virtanen"
    karin.reads(f"Version {version}.", str(asked.id)[:8].upper())


def test_n10_twenty_answers_are_keyed_in_on_one_page(visit: Visit, db: Session, clinic: Clinic) -> None:
    forms.ask(db, forms.publish(db, *twenty()), clinic, TWENTY, who="aino")
    db.commit()
    karin = visit("karin")
    karin.go(f"/patienter/{clinic.patient['aino']}")
    with karin.within(2):
        karin.link("Mata in papper")
        karin.fill_date("Vilken dag kom papperet?", 16, 11, 2026)
        for number in range(1, 21):
            karin.page.locator(f'input[name="svar-q{number}"][value="2"]').check()
        karin.press("Spara")
    karin.reads("En kollega ska också läsa papperet för Aino Virtanen.")  # it could have been red


def test_a10_a_paper_that_has_not_come_back_after_ten_days_stands_in_the_nurses_list(
    visit: Visit, db: Session, library: Library, clinic: Clinic, clock: Clock
) -> None:
    forms.ask(db, library, clinic, stories.FORM, who="aino", days=14)
    clock.at = MONDAY + timedelta(days=10)
    responses.tell_of_silence(
        db, lambda patient, unit: contact_for(db, patient, unit, at=clock.at), by=SYSTEM, at=clock.at
    )
    db.commit()
    karin = visit("karin")
    with karin.within(0):
        karin.reads("Har inte svarat, 1", "Aino Virtanen")


def test_a11_who_goes_over_to_the_screen_has_all_her_answers_there(
    visit: Visit, db: Session, library: Library, clinic: Clinic
) -> None:
    stories.signed_plan(db, library, clinic, "bo")
    db.get_one(Patient, clinic.patient["bo"]).uses_paper = True
    asked = forms.ask(db, library, clinic, stories.FORM, who="bo")
    key_in(db, clinic, library.questionnaire(stories.FORM), asked, {"fatigue": answered(7)}, mode="phone")
    db.commit()
    karin = visit("karin")
    karin.go(f"/patienter/{clinic.patient['bo']}")
    with karin.within(1):
        karin.press("Byt till skärm")
    karin.reads("Bo svarar nu på skärm.")
    bo = visit("bo")
    bo.link("Svar")
    assert "7" in bo.text_of(bo.section("Trötthet"))
