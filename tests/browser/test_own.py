"""What patients and relatives do in the plan, each within its clicks: P1, P2, R and N tasks of the timed scripts."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from playwright.sync_api import Locator
from sqlalchemy.orm import Session

from careplan.actions import needs, notes, plans
from careplan.domain.own import NoteKind
from careplan.library import Library
from careplan.models import ActivityReport, CarePlan, ContactWish, Share
from tests import stories
from tests.browser.visitor import AT_A_PHONE, Visit, Visitor
from tests.make import MONDAY, Clinic

pytestmark = [pytest.mark.browser, AT_A_PHONE]


@pytest.fixture
def plan(db: Session, library: Library, clinic: Clinic) -> CarePlan:
    """A plan in its treatment, with a visit to prepare for, a goal and answers."""
    karin = clinic.actor["karin"]
    made = stories.signed_plan(db, library, clinic)
    shown = {chapter.chapter_id for chapter in made.chapters if chapter.is_shown}
    plans.edit(
        db,
        library,
        made,
        treatments=["chemotherapy"],
        shown=shown,
        notes={},
        greeting="",
        phase="treatment",
        by=karin,
        at=MONDAY,
    )
    plans.sign(db, library, made, contact=stories.contact(db, clinic, "astrid"), by=karin, at=MONDAY)
    plans.add_appointment(
        db,
        made,
        starts_at=MONDAY + timedelta(days=1),
        title="Blodprov och samtal",
        place="Ingång B, plan 3",
        preparation="Ta med listan över dina mediciner.",
        by=karin,
        at=MONDAY,
    )
    stories.sent(db, library, clinic, "astrid", {"fatigue": 3}, at=MONDAY - timedelta(days=14))
    stories.sent(db, library, clinic, "astrid", {"fatigue": 8}, at=MONDAY - timedelta(days=1))
    needs.set_goal(
        db,
        made,
        text="Orka gå till affären",
        measure="",
        review_on=MONDAY.date() + timedelta(days=15),
        activities=[
            needs.PlannedActivity("Promenad", "två gånger i veckan"),
            needs.PlannedActivity("Ringa om träningen", "onsdag", clinic.practitioner["freja"]),
        ],
        contact=stories.contact(db, clinic, "astrid"),
        by=karin,
        at=MONDAY,
    )
    notes.add(
        db,
        key=made.id,
        patient_id=clinic.patient["astrid"],
        unit_id=clinic.unit.id,
        kind=NoteKind.QUESTION,
        text="Får jag träna?",
        is_shared=True,
        by=clinic.actor["astrid"],
        at=MONDAY,
    )
    db.commit()
    return made


def choose(visitor: Visitor, role: str, beginning: str, *, inside: Locator | None = None) -> None:
    """The first of those whose name goes on, unseen, with what it is about."""
    visitor.clicks += 1
    with visitor.page.expect_navigation():
        (inside or visitor.page).get_by_role(role, name=re.compile(f"^{beginning}")).first.click()
    visitor.check()


def test_p1_the_plan_opens_at_now(visit: Visit, plan: CarePlan) -> None:
    astrid = visit("astrid")
    with astrid.within(0):  # P1-1, P1-2
        astrid.reads("Karin Lind", "Vardagar 8–16", "I morgon klockan 10.20", "Ta med listan över dina mediciner.")
        astrid.reads("Det viktigaste nu")
    with astrid.within(1):  # P1-2, in the calendar
        astrid.link("Alla tider")
    astrid.reads("Nästa besök", "Ta med listan över dina mediciner.", "Karin Lind, kontaktsjuksköterska")
    astrid.go("/hem")
    with astrid.within(1):  # P1-3
        astrid.page.locator("section[aria-labelledby=viktigast] h3 a").first.click()
        astrid.clicks += 1
        astrid.page.wait_for_url("**/plan/*/*")
    astrid.check()


def test_p2_goals_ticks_contact_and_late_effects(visit: Visit, plan: CarePlan, db: Session) -> None:
    astrid = visit("astrid")
    with astrid.within(1):  # P2-5
        astrid.link("Min rehabiliteringsplan")
    astrid.reads("Orka gå till affären", "Promenad", "Gör: Du.", "Ansvarar: Freja Holm", "1 december")
    astrid.go("/hem")
    with astrid.within(2):  # P2-6
        astrid.link("Min rehabiliteringsplan")
        choose(astrid, "button", "Klart i dag")
    astrid.reads("Gjort 1 gång.")
    astrid.go("/hem")
    with astrid.within(2):  # P2-6, the other way
        astrid.link("Min rehabiliteringsplan")
        choose(astrid, "button", "Det fungerade inte")
    assert astrid.heading == "Det fungerade inte"
    assert len(db.scalars(sa.select(ActivityReport)).all()) == 2
    db.rollback()
    astrid.go("/hem")
    with astrid.within(2):  # P2-7
        astrid.link("Jag vill bli kontaktad")
        astrid.press("Skicka till Karin Lind")
    astrid.reads("Karin Lind läser och hör av sig senast onsdag")
    assert len(db.scalars(sa.select(ContactWish)).all()) == 1
    db.rollback()
    astrid.go("/hem")
    with astrid.within(2):  # P2-8
        astrid.link("Min plan")
        astrid.link("Sena besvär")
    astrid.reads("Ring direkt, dygnet runt", "Ont i bröstet")


def test_the_patient_writes_a_day_a_question_and_a_note(visit: Visit, plan: CarePlan) -> None:
    astrid = visit("astrid")
    astrid.link("Alla tider")
    astrid.fill("Vad är det?", "Tandläkare")
    astrid.fill_date("Vilken dag?", 20, 11, 2026)
    astrid.press("Spara")
    astrid.reads("Tandläkare", "Du skrev")
    choose(astrid, "link", "Ändra eller ta bort")
    astrid.press("Ta bort tiden")
    astrid.link("Hem")
    astrid.link("Frågor och anteckningar")
    astrid.fill("Vad vill du fråga?", "När får jag svar?")
    astrid.press("Spara frågan")
    astrid.reads("När får jag svar?")
    astrid.fill("Anteckning", "Bara för mig")
    astrid.press("Spara anteckningen")
    astrid.reads("Bara du ser den.")


def test_r_a_relative_accepts_reads_what_is_shared_and_loses_it_at_once(
    visit: Visit, plan: CarePlan, db: Session
) -> None:
    db.scalars(sa.select(Share)).one().to_at = MONDAY  # nobody shares anything with Lina
    db.commit()
    astrid = visit("astrid")
    astrid.link("Dela")
    for label, text in (("Förnamn", "Lina"), ("Efternamn", "Ek"), ("Vem är det för dig?", "dotter")):
        astrid.fill(label, text)
    with astrid.within(4):  # P1-10, by invitation
        astrid.tick("Läsa min plan och mina mål")
        astrid.press("Dela")
    code = astrid.text_of(astrid.section("Kod till Lina Ek").locator(".app-big"))
    lina = visit("lina")
    with lina.within(4):
        lina.link("Skriv in koden")
        lina.fill("Koden du har fått", code)
        lina.press("Fortsätt")
        lina.press("Ta emot")
    lina.reads("Här ser du det som Astrid Ek har delat med dig.", "Blodprov och samtal")
    with lina.within(1):
        lina.link("Alla tider")
    assert lina.heading == "Tider för Astrid"
    lina.go("/hem")
    with lina.within(2):
        lina.link("Planen")
        lina.link("När det finns barn")
    astrid.go("/delning")
    row = astrid.page.locator("li").filter(has_text="Lina Ek").first
    choose(astrid, "link", "Välj delar av planen", inside=row)
    astrid.page.get_by_label("Bara det jag kryssar för", exact=True).check()
    astrid.page.get_by_label("När det finns barn", exact=True).check()
    astrid.press("Spara")
    lina.go("/plan")
    lina.reads("När det finns barn")
    assert "Cytostatika" not in lina.text
    lina.go("/tider", status=404)
    choose(astrid, "button", "Avsluta delningen")
    lina.go("/plan", status=404)


def test_n_7_the_nurse_prepares_a_visit_in_two_clicks(visit: Visit, plan: CarePlan) -> None:
    karin = visit("karin")
    with karin.within(2):
        karin.link("Förbered Astrid Ek")
        karin.reads("Svårast nu", "Trötthet", "Från 3 till 8.", "Får jag träna?", "Orka gå till affären")
        with karin.page.expect_download() as arriving:
            karin.clicks += 1
            karin.page.get_by_role("link", name="Skriv ut (PDF)", exact=True).click()
        assert arriving.value.suggested_filename.endswith(".pdf")
    karin.open("Svar gavs vid besöket")
    karin.fill("En mening som Astrid läser, om du vill", "Ja, i lugn takt.")
    karin.press("Spara")
    karin.reads("1 fråga är besvarad.")
    astrid = visit("astrid")
    astrid.link("Frågor och anteckningar")
    astrid.reads("Ja, i lugn takt.")
