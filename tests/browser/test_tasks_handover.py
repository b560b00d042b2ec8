"""The timed tasks of who receives a handover (facts/ux.md 5, V-1 to V-8), in clicks, at a telephone and at a desk."""

from datetime import timedelta

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy.orm import Session

from careplan.actions import needs
from careplan.domain.needs import NeedLevel
from careplan.library import Library
from careplan.models import Unit
from tests import handing, stories
from tests.browser.visitor import AT_A_DESK, Visit, Visitor
from tests.make import MONDAY, Clinic

pytestmark = [pytest.mark.browser, AT_A_DESK]


@pytest.fixture
def petra(db: Session, library: Library, clinic: Clinic, app: Flask, visit: Visit) -> Visitor:
    """At her list, where Astrid waits: with a need, a goal and a form to answer."""
    plan = stories.signed_plan(db, library, clinic)
    karin = clinic.actor["karin"]
    needs.assess(
        db,
        plan,
        response_id=None,
        levels={"strength": NeedLevel.PARTICULAR},
        notes={},
        summary="Orkar mindre",
        by=karin,
        at=MONDAY,
    )
    needs.set_goal(
        db,
        plan,
        text="Gå till affären",
        measure="",
        review_on=MONDAY.date() + timedelta(days=21),
        activities=[],
        contact=stories.contact(db, clinic, "astrid"),
        by=karin,
        at=MONDAY,
    )
    unit, nurse = handing.centre(db)
    handing.request(db, clinic, plan, db.get_one(Unit, nurse.unit_id))
    db.commit()
    return visit("petra")


def open_it(petra: Visitor) -> None:
    petra.link("Astrid Ek")


def take_over(petra: Visitor) -> None:
    open_it(petra)
    petra.press("Ta emot patienten")
    petra.press("Bekräfta kontakten")


def test_v1_and_v3_one_click_opens_the_text_with_needs_goals_and_dates(petra: Visitor) -> None:
    with petra.within(1):
        open_it(petra)
    assert "Överlämning situation" in petra.text
    assert "0980-319" in petra.text or "Karin Lind" in petra.text
    now_open = petra.text_of(petra.section("Behov och mål just nu"))
    assert "Ork och rörelse: särskilda" in now_open
    assert "Gå till affären" in now_open
    assert "Följs upp 7 december 2026." in now_open


def test_v2_she_accepts_in_two_clicks(petra: Visitor) -> None:
    with petra.within(2):
        open_it(petra)
        petra.press("Ta emot patienten")
    assert "Karin Lind ansvarar tills Petra Grahn har talat med patienten." in petra.text


def test_v2_she_declines_in_two_clicks_and_the_sender_sees_it(petra: Visitor, visit: Visit) -> None:
    with petra.within(2):
        open_it(petra)
        petra.fill("Varför? Karin Lind läser det", "Fullt till januari")
        petra.press("Tacka nej till patienten")
    assert "Inget väntar på dig just nu." in petra.text
    karin = visit("karin")
    karin.go("/arbetslista")
    assert "Vårdcentralen Älven tackade nej: Fullt till januari" in karin.text


def test_v4_she_prints_it_with_one_click(petra: Visitor) -> None:
    open_it(petra)
    with petra.within(1):
        petra.clicks += 1
        with petra.page.expect_download() as arriving:
            petra.page.get_by_role("link", name="Skriv ut på ett A4").click()
    assert len(PdfReader(arriving.value.path()).pages) == 1


def test_v4_she_copies_it_with_one_click(petra: Visitor) -> None:
    open_it(petra)
    with petra.within(1):
        petra.open("Kopiera till er journal")
    assert "SITUATION\nÖverlämning situation" in petra.field("Markera allt och kopiera").input_value()


def test_v5_she_asks_and_knows_when_the_answer_comes(petra: Visitor) -> None:
    with petra.within(2):
        open_it(petra)
        petra.fill("Din fråga", "Hur länge ska hon ha tabletterna?")
        petra.press("Skicka frågan")
    assert "Frågan är skickad till Karin Lind. Svar senast onsdag 18 november." in petra.text


def test_v6_she_sees_who_reads_the_answers_now_and_afterwards(petra: Visitor) -> None:
    open_it(petra)
    assert "Karin Lind på Bröstmottagningen läser svaren nu." in petra.text
    petra.press("Ta emot patienten")
    petra.press("Bekräfta kontakten")
    assert "Petra Grahn på Vårdcentralen Älven läser svaren nu." in petra.text


def test_v7_she_books_a_day_to_look_back(petra: Visitor) -> None:
    take_over(petra)
    with petra.within(3):
        petra.fill_date("Dag för uppföljning", 16, 12, 2026)
        petra.press("Boka uppföljningen")
    assert "Uppföljningen står i er lista 16 december 2026." in petra.text


def test_v8_she_sends_the_patient_back_and_the_former_nurse_has_it_on_top(petra: Visitor, visit: Visit) -> None:
    take_over(petra)
    with petra.within(2):
        petra.fill("Vad har du sett?", "Knöl i ärret")
        petra.press("Skicka tillbaka patienten")
    assert "Skickat till Bröstmottagningen som brådskande." in petra.text
    karin = visit("karin")
    karin.go("/arbetslista")
    assert "Misstänkt återfall. Knöl i ärret" in karin.page.locator("#g-now").inner_text()
