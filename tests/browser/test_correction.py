"""A slip noticed after sending is corrected, and what was answered in one form is shown in the next."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.library import Library
from careplan.models import QuestionnaireResponse, Task
from careplan.models.tasks import OPEN
from tests import stories
from tests.actions import forms
from tests.browser.visitor import AT_A_PHONE, Visit
from tests.make import MONDAY, Clinic

pytestmark = [pytest.mark.browser, AT_A_PHONE]


def test_a_3_corrected_to_8_is_sent_anew_and_stands_first_in_the_list(
    visit: Visit, db: Session, library: Library, clinic: Clinic
) -> None:
    response = stories.sent(db, library, clinic, "astrid", {"pain": 3, "fatigue": 2})
    path = f"/svar/{response.id}/kvitto"
    db.commit()
    astrid = visit("astrid")
    astrid.go(path)
    astrid.press("Rätta svaren")
    assert astrid.heading == "Stämmer det här?"
    astrid.reads("Du rättar svaren som skickades i dag 10.20.")
    astrid.link("Ändra smärta")
    astrid.tick("8")
    astrid.press("Spara och granska")
    assert astrid.heading == "Ring oss nu"
    astrid.press("Jag har läst, fortsätt")
    astrid.page.wait_for_url("**/pain-now?fran=granska")  # what a severe answer opens is asked at once
    astrid.go(astrid.page.url.replace("fraga/pain-now?fran=granska", "granska"))
    astrid.reads("Du skickade: 3 av 10.")
    astrid.press("Skicka rättelsen till Karin")
    assert astrid.heading == "Tack. Dina svar är skickade."
    astrid.link("Se de gamla svaren")
    astrid.reads("Det här är de gamla svaren.", "3 av 10")

    karin = visit("karin")
    karin.go("/arbetslista")
    karin.reads("Smärta rättat från 3 till 8")
    new = db.scalars(sa.select(QuestionnaireResponse.id).where(QuestionnaireResponse.number == 2)).one()
    task = db.scalars(sa.select(Task.id).where(Task.response_id == new)).one()
    db.commit()
    karin.go(f"/uppgifter/{task}")
    karin.reads("Astrid har rättat det som skickades i dag 10.20.", "Smärta rättat från 3 till 8")


def test_an_8_corrected_to_3_tells_the_nurse_and_keeps_the_flag_for_her_to_close(
    visit: Visit, db: Session, library: Library, clinic: Clinic
) -> None:
    response = stories.sent(db, library, clinic, "astrid", {"pain": 8, "fatigue": 2})
    path, flagged = f"/svar/{response.id}/kvitto", stories.task_of(db, response).id
    db.commit()
    astrid = visit("astrid")
    astrid.go(path)
    astrid.press("Rätta svaren")
    astrid.link("Ändra smärta")
    astrid.tick("3")
    astrid.press("Spara och granska")
    astrid.reads("Du skickade: 8 av 10.")
    astrid.press("Skicka rättelsen till Karin")
    assert astrid.heading == "Tack. Dina svar är skickade."

    karin = visit("karin")
    karin.go("/arbetslista")
    karin.reads("Smärta rättat från 8 till 3")
    karin.go(f"/uppgifter/{flagged}")
    karin.reads(
        "Regel: Smärta minst 8 av 10", "Astrid har rättat de här svaren i dag 10.20. Smärta rättat från 8 till 3."
    )
    assert db.get_one(Task, flagged).status in OPEN
    db.rollback()
    karin.tick("Talat med patienten")
    karin.press("Spara och stäng")
    karin.reads("Klart: Astrid Ek.")
    db.expire_all()
    assert db.get_one(Task, flagged).status == "completed"


def test_pain_answered_yesterday_in_one_form_is_shown_in_the_next_and_sleep_is_confirmed(
    visit: Visit, db: Session, library: Library, clinic: Clinic
) -> None:
    yesterday = MONDAY - timedelta(days=1)
    answers = {"troubles": ("pain", "sleep"), "pain": 6, "sleep": 4}
    stories.sent(db, library, clinic, "astrid", answers, form="late-effects", at=yesterday)
    begun = forms.begin(db, forms.ask(db, library, clinic, "needs"), by=clinic.actor["astrid"])
    db.commit()
    astrid = visit("astrid")
    astrid.go(f"/fragor/{begun.id}/fraga/pain")
    astrid.reads("Samma fråga är nyss besvarad", "6 av 10", "Stämmer det fortfarande?")
    assert not astrid.page.get_by_role("button", name="Ja, det stämmer").count()
    astrid.tick("6")
    astrid.press("Nästa fråga")
    astrid.go(f"/fragor/{begun.id}/fraga/sleep")
    astrid.press("Ja, det stämmer")
    astrid.go(f"/fragor/{begun.id}/granska")
    astrid.open(re.compile("^Visa de"))
    astrid.reads("4 av 10")
