"""What a patient is timed on months later, where no other walk has it: P2-1 to P2-4, P2-9 and P2-11; R-3 and R-5."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import responses, tasks
from careplan.library import Library
from careplan.models import FormPause, QuestionnaireResponse, ResponseAnswer
from tests import stories
from tests.actions import forms
from tests.browser.test_tasks_patient import answer, has_button
from tests.browser.visitor import AT_A_PHONE, Visit
from tests.make import MONDAY, Clinic

pytestmark = [pytest.mark.browser, AT_A_PHONE]


@pytest.fixture
def before(db: Session, library: Library, clinic: Clinic) -> None:
    """A plan, and two weeks of answers, the latest of them read."""
    stories.signed_plan(db, library, clinic)
    stories.sent(db, library, clinic, "astrid", {"fatigue": 3, "pain": 2}, at=MONDAY - timedelta(days=14))
    sent = stories.sent(db, library, clinic, "astrid", {"fatigue": 8, "pain": 2}, at=MONDAY - timedelta(days=1))
    tasks.complete(
        db,
        stories.task_of(db, sent),
        outcome="called",
        next_step="Karin ringer dig på torsdag.",
        by=clinic.actor["karin"],
        at=MONDAY,
    )
    db.commit()


def test_p2_1_from_the_reminders_link_to_question_1(
    visit: Visit, db: Session, library: Library, clinic: Clinic, before: None
) -> None:
    forms.ask(db, library, clinic, stories.FORM)
    db.commit()
    astrid = visit("astrid")  # the reminder's link is the log-in page
    with astrid.within(1):
        astrid.press("Svara på frågorna")
    astrid.reads("Fråga 1 av 12", "Hur mycket andnöd har du haft som värst?")


def test_p2_2_what_is_as_last_time_takes_one_press(visit: Visit, db: Session, library: Library, clinic: Clinic) -> None:
    form = library.questionnaire("habits")
    known = {link_id: form.item(link_id).options[0].value for link_id in ("smoking", "nicotine")}
    given = {"smoking": known["smoking"], "nicotine": (known["nicotine"],)}
    stories.sent(db, library, clinic, "astrid", given, form="habits", at=MONDAY - timedelta(days=200))
    forms.ask(db, library, clinic, "habits")
    db.commit()
    astrid = visit("astrid")
    astrid.press("Svara på frågorna")
    pressed = 0
    while not astrid.page.url.endswith("/granska"):
        if has_button(astrid, "Samma som sist"):
            astrid.press("Samma som sist")
            pressed += 1
        else:
            first_choice = astrid.page.locator("main :is([type=radio], [type=checkbox])[name=answer]").first
            if first_choice.count():
                first_choice.check()
            else:
                astrid.page.locator("main [name=answer]").fill("1")
            astrid.press("Nästa fråga" if has_button(astrid, "Nästa fråga") else "Spara och granska")
    assert pressed == 2
    astrid.press("Skicka till Karin")
    last = sa.select(QuestionnaireResponse.id).order_by(QuestionnaireResponse.submitted_at.desc()).limit(1)
    rows = sa.select(ResponseAnswer.link_id, ResponseAnswer.value).where(
        ResponseAnswer.response_id == last.scalar_subquery(), ResponseAnswer.link_id.in_(known)
    )
    assert dict(db.execute(rows).all()) == {"smoking": known["smoking"], "nicotine": [known["nicotine"]]}


def test_p2_3_the_trend_says_in_words_whether_it_is_worse(visit: Visit, before: None) -> None:
    astrid = visit("astrid")
    with astrid.within(1):
        astrid.link("Svar")
    said = astrid.text_of(astrid.section("Trötthet"))
    assert "Mer besvär" in said and "3 till 8" in said
    assert "Mer besvär" not in astrid.text_of(astrid.section("Smärta"))


def test_p2_4_who_has_read_the_last_answers_and_what_is_next_stands_on_the_first_page(
    visit: Visit, before: None
) -> None:
    astrid = visit("astrid")
    with astrid.within(0):
        astrid.reads("Läst av Karin Lind i dag 10.20", "Nästa steg: Karin ringer dig på torsdag.")


def test_p2_9_an_answer_of_yesterday_is_corrected_and_the_nurse_sees_it(visit: Visit, before: None) -> None:
    astrid = visit("astrid")
    with astrid.within(3):
        astrid.press("Rätta svaren")
        astrid.link("Ändra trötthet")
        answer(astrid, 4)
        astrid.press("Skicka rättelsen till Karin")
    assert astrid.heading == "Tack. Dina svar är skickade."
    karin = visit("karin")
    karin.link(re.compile("Inget nytt$"))
    karin.reads("Trötthet rättat från 8 till 4")


def test_p2_11_a_month_without_questions_and_the_nurse_knows_why(visit: Visit, db: Session, before: None) -> None:
    astrid = visit("astrid")
    with astrid.within(3):
        astrid.link("Paus från frågorna")
        astrid.tick("Jag orkar inte just nu")
        astrid.press("Pausa frågorna")
    astrid.reads("Frågorna är pausade till och med 16 december 2026.")
    assert db.scalars(sa.select(FormPause.reason)).one() == "tired"
    db.rollback()
    visit("karin").reads("Har pausat frågorna till 2026-12-16")


def test_r3_who_helps_to_answer_is_said_on_the_answers(
    visit: Visit, db: Session, library: Library, clinic: Clinic
) -> None:
    stories.signed_plan(db, library, clinic)
    for form in (stories.FORM, "before-visit"):
        forms.ask(db, library, clinic, form)
    db.commit()
    astrid = visit("astrid")
    astrid.link("Svara på frågorna")
    with astrid.within(1):
        astrid.tick("Någon hjälper mig att svara")
    astrid.press("Börja svara")
    lina = visit("lina")
    lina.link("Hjälp till att svara")
    with lina.within(0):
        lina.reads("Du svarar åt Astrid. Det syns på svaren att du har hjälpt till.")


def test_r5_a_relative_answers_about_herself_and_knows_who_reads(
    visit: Visit, db: Session, library: Library, clinic: Clinic
) -> None:
    responses.request(
        db,
        library,
        patient_id=clinic.patient["astrid"],
        unit_id=clinic.unit.id,
        questionnaire_id="relatives-needs",
        respondent_id=clinic.actor["lina"].person_id,
        opens_at=MONDAY - timedelta(days=1),
        due_at=MONDAY + timedelta(days=3),
        closes_at=MONDAY + timedelta(days=6),
        by=clinic.actor["karin"],
        at=MONDAY,
    )
    db.commit()
    lina = visit("lina")
    lina.reads("Frågor om dig")
    lina.link("Svara på frågorna")
    lina.reads("Karin Lind läser dina svar.")
    assert "Du svarar åt" not in lina.text
    lina.press("Börja svara")
    lina.press("Jag orkar inte mer nu")


def test_r4_the_numbers_to_ring_stand_on_each_page_of_a_relative(visit: Visit) -> None:
    lina = visit("lina")
    for path in ("/hem", "/plan", "/stod"):
        lina.go(path)
        with lina.within(0):
            lina.reads("112", "1177")
