"""Timed tasks of the nurse and the rehabilitation team (N-5, T-1 to T-7, T-9), within their clicks."""

import re
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from careplan.actions import needs
from careplan.library import Library
from tests import stories
from tests.browser.visitor import AT_A_DESK, Visit, Visitor
from tests.conftest import Clock
from tests.make import MONDAY, Clinic

pytestmark = [pytest.mark.browser, AT_A_DESK]
QUESTION = "Astrid orkar inte i trappor. Kan du bedöma och lägga upp träning?"


@pytest.fixture
def tired(db: Session, library: Library, clinic: Clinic) -> None:
    """Astrid has told twice that she is short of breath; the second time it is a task for Karin."""
    stories.signed_plan(db, library, clinic)
    for weeks, breath in ((1, 4), (0, 8)):
        at = MONDAY - timedelta(weeks=weeks)
        stories.sent(db, library, clinic, "astrid", {"breathlessness": breath, "fatigue": 6, "worry": 9}, at=at)
    db.commit()


@pytest.mark.usefixtures("tired")
def test_from_the_nurses_question_to_the_end_of_the_episode(visit: Visit, clock: Clock) -> None:
    karin, astrid = visit("karin"), visit("astrid")
    karin.link("Astrid Ek")
    refer(karin)
    astrid.go("/rehabilitering")
    astrid.reads("Fysioterapeut", "Du får veta här när någon har tagit emot det.")

    freja = visit("freja")
    take_on(freja)
    astrid.go("/rehabilitering")
    astrid.reads("Freja Holm tog emot frågan", "Freja hör av sig till dig.")
    set_goal(freja)
    pick_exercises(freja)
    astrid.go("/rehabilitering")
    astrid.reads("Jag vill orka gå till affären", "Korta promenader", "Lugna andetag", "Ansvarar: Fysioterapeut.")
    approve(astrid)

    clock.at = MONDAY + timedelta(days=16)
    freja.log_in("freja")
    astrid.log_in("astrid")
    astrid.go("/rehabilitering")
    astrid.reads("Uppföljningen skulle ha varit tisdag 1 december.")
    review(freja)
    end_episode(freja)
    astrid.go("/rehabilitering")
    astrid.reads("Avslutat", "Astrid går till affären igen.")
    karin.log_in("karin")
    karin.link("Patienter")
    karin.link("Astrid Ek")
    karin.link("Rehabiliteringsplanen")
    karin.reads("Freja Holm, fysioterapeut: Astrid går till affären igen.", "Insatsen hos fysioterapeut är avslutad.")


def refer(karin: Visitor) -> None:
    """N-5: to the physiotherapists, with a question."""
    with karin.within(3):
        karin.tick("Remiss inom teamet")
        karin.field("Till").select_option(label="Fysioterapeut")
        karin.fill("Vad vill du ha hjälp med?", QUESTION)
        karin.press("Spara och stäng")
    karin.reads("Klart: Astrid Ek.")


def take_on(freja: Visitor) -> None:
    """T-1 at once; T-3 and T-2: read what is needed, and accept."""
    assert freja.heading == "Remisser"
    freja.reads("Väntar på svar, 1", QUESTION)
    with freja.within(2):
        with freja.within(1):
            freja.link("Astrid Ek")
        freja.reads(QUESTION, "8 av 10", "Andnöd över tid", "Rehabiliteringsplan")
        assert "9 av 10" not in freja.text, "worry is not the physiotherapist's"
        freja.press("Ta emot remissen")
    freja.reads("Du har tagit emot remissen.")


def set_goal(freja: Visitor) -> None:
    """T-4: goal, measure, action, who, review day."""
    with freja.within(6):
        freja.link("Nytt mål")
        freja.fill("Vad vill Astrid nå? Skriv i jag-form", "Jag vill orka gå till affären")
        freja.fill("Hur vet ni att det är nått?", "Gått dit och hem utan vila")
        freja.fill_date("Följs upp den", 1, 12, 2026)
        freja.fill("Åtgärd 1: vad", "Konditionstest")
        freja.field("Åtgärd 1: vem gör").select_option(label="Fysioterapeut")
        freja.press("Spara och visa för Astrid")
    freja.reads("Astrid ser målet i sin plan.", "Jag vill orka gå till affären")


def pick_exercises(freja: Visitor) -> None:
    """T-5."""
    with freja.within(4):
        freja.link(re.compile("^Välj egenvård"))
        freja.tick("Korta promenader")
        freja.tick("Lugna andetag")
        freja.press("Lägg till i planen")
    freja.reads("Astrid ser dem i sin plan.")


def approve(astrid: Visitor) -> None:
    astrid.reads("Stämmer planen?")
    with astrid.within(1):
        astrid.press("Jag godkänner planen")
    astrid.reads("Du har godkänt planen.")


def review(freja: Visitor) -> None:
    """T-7: overdue reviews; T-6: how it went, and the next step."""
    with freja.within(1):
        freja.link("1 försenad uppföljning")
    freja.reads("Försenade, 1", "1 dag försenad")
    with freja.within(4):
        freja.link("Jag vill orka gå till affären")
        freja.tick("Delvis nått")
        freja.tick("Målet står kvar, ny uppföljning")
        freja.fill_date("Ny uppföljning den", 11, 1, 2027)
        freja.fill("Nästa steg, så som Astrid läser det", "Gå varannan dag med en vän.")
        freja.press("Spara")
    freja.reads("Uppföljningen är sparad.", "Försenade, 0")


def end_episode(freja: Visitor) -> None:
    """T-9: a summary to the plan."""
    freja.link("Remisser")
    with freja.within(3):
        freja.link("Astrid Ek")
        freja.fill("Sammanfattning, som Astrid och teamet läser i planen", "Astrid går till affären igen.")
        freja.press("Avsluta insatsen")
    freja.reads("Insatsen är avslutad.", "Inget pågår.")


@pytest.mark.usefixtures("tired")
def test_a_referral_is_sent_back_with_a_reason(visit: Visit) -> None:
    karin, freja = visit("karin"), visit("freja")
    karin.link("Astrid Ek")
    refer(karin)
    freja.link("Remisser")
    with freja.within(2):
        freja.link("Astrid Ek")
        freja.fill("Varför? Karin Lind läser det", "Hon behöver läkare först.")
        freja.press("Skicka tillbaka remissen")
    freja.reads("Remissen är skickad tillbaka till Karin Lind.", "Ingen remiss väntar.")
    karin.go("/arbetslista")
    karin.reads("Kom tillbaka: Hon behöver läkare först.")


def test_a_draft_of_the_needs_page_is_there_again(visit: Visit, db: Session, library: Library, clinic: Clinic) -> None:
    plan = stories.signed_plan(db, library, clinic)
    needs.set_goal(
        db,
        plan,
        text="Sova",
        measure="",
        review_on=(MONDAY + timedelta(days=14)).date(),
        activities=[],
        contact=stories.contact(db, clinic, "astrid"),
        by=clinic.actor["karin"],
        at=MONDAY,
    )
    db.commit()
    karin = visit("karin")
    karin.go(f"/patienter/{clinic.patient['astrid']}/behov")
    karin.fill("Sammanfattning av samtalet", "Halvvägs")
    karin.press("Spara utkast")
    karin.reads("Utkastet är sparat. Bara du ser det.")
    assert karin.field("Sammanfattning av samtalet").input_value() == "Halvvägs"
