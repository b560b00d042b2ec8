"""What nurses and managers are timed on: each within the presses that it may take."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import tasks
from careplan.domain.tasks import Outcome, TaskKind
from careplan.library import Library
from careplan.models import Task
from tests import make, stories
from tests.actions.test_routing import away
from tests.browser.visitor import AT_A_DESK, Visit
from tests.make import MONDAY, Clinic

pytestmark = [pytest.mark.browser, AT_A_DESK]

ASTRID, BO = "Astrid Ek", "Bo Sjöberg"


@pytest.fixture
def morning(db: Session, library: Library, clinic: Clinic) -> None:
    """Monday: a red and a yellow answer of the weekend, a wish for contact, a paper, and somebody who is silent."""
    stories.signed_plan(db, library, clinic)
    stories.sent(
        db,
        library,
        clinic,
        "astrid",
        {"breathlessness": 8},
        at=MONDAY - timedelta(days=1),
        wishes=("fatigue",),
        urgency="today",
        comment="Det kom smygande.",
    )
    stories.sent(db, library, clinic, "bo", {"fatigue": 7}, at=MONDAY - timedelta(hours=2))
    for kind, who, summary in (
        (TaskKind.PAPER, "aino", "Hur mår du den här veckan?"),
        (TaskKind.SILENCE, "bo", "Har inte svarat efter andnöd 8 av 10"),
    ):
        tasks.open_task(
            db,
            kind=kind,
            patient_id=clinic.patient[who],
            unit_id=clinic.unit.id,
            contact=stories.contact(db, clinic, who),
            summary=summary,
            starts_at=MONDAY - timedelta(hours=1),
            at=MONDAY,
        )
    db.commit()


def test_n1_one_screen_says_what_waits_the_most_urgent_first(visit: Visit, morning: None) -> None:
    karin = visit("karin")
    with karin.within(1):  # the log-in leads to the list
        if karin.heading != "Arbetslista":
            karin.link("Arbetslista")
    shown = karin.text
    order = [shown.index(words) for words in ("Behöver bedömas nu, 1", "Behöver ses, 1", "Papper att mata in, 1")]
    assert order == sorted(order)
    karin.reads("Har inte svarat, 1", "Den äldsta uppgiften med svar:")


def test_n2_what_the_patient_was_told_is_one_press_away(visit: Visit, morning: None) -> None:
    karin = visit("karin")
    karin.go("/arbetslista")
    with karin.within(1):
        karin.link(ASTRID)
    karin.reads("Det har Astrid fått veta", "ring nu. Visades", "Tryckte ”Jag har läst”", "Det kom smygande.")


def test_n3_a_flag_closes_in_three_presses(visit: Visit, db: Session, morning: None) -> None:
    karin = visit("karin")
    karin.go("/arbetslista")
    with karin.within(3):
        karin.link(ASTRID)
        karin.reads("Astrid vill", "Hur bråttom: i dag.")
        karin.tick("Talat med patienten")
        karin.press("Spara och stäng")
    karin.reads(f"Klart: {ASTRID}.")


def test_n4_known_and_taken_care_of_until_a_day(visit: Visit, db: Session, clinic: Clinic, morning: None) -> None:
    karin = visit("karin")
    karin.go("/arbetslista")
    karin.link(ASTRID)
    with karin.within(2):
        karin.tick("Känt och omhändertaget till …")
        karin.page.locator("select[name=known_until]").select_option(index=2)
        karin.press("Spara och stäng")
    task = db.scalars(sa.select(Task).where(Task.outcome == Outcome.KNOWN)).one()
    assert task.known_until is not None and task.patient_id == clinic.patient["astrid"]


def test_n6_the_journal_text_is_at_most_eight_lines_and_open(visit: Visit, morning: None) -> None:
    karin = visit("karin")
    karin.go("/arbetslista")
    with karin.within(1):
        karin.link(ASTRID)
    lines = karin.field("Journaltext").input_value().splitlines()
    assert 3 <= len(lines) <= 8
    assert any("Andnöd 8 av 10" in line for line in lines)


def test_n11_who_has_not_answered_after_a_severe_answer_stands_in_the_list(visit: Visit, morning: None) -> None:
    karin = visit("karin")
    with karin.within(1):
        if karin.heading != "Arbetslista":
            karin.link("Arbetslista")
    karin.reads("Har inte svarat efter andnöd 8 av 10")


def test_n12_away_on_thursday_and_friday_with_a_named_cover(visit: Visit, morning: None) -> None:
    karin = visit("karin")
    karin.go("/arbetslista")
    with karin.within(4):
        karin.link("Frånvaro")
        karin.fill_date("Första dagen borta", 19, 11, 2026)
        karin.fill_date("Sista dagen borta", 20, 11, 2026)
        karin.tick("Nils Berg")
        karin.press("Spara frånvaron")
    karin.reads("Torsdag 19 november till fredag 20 november. Nils Berg svarar.")


def test_away_today_shows_the_patient_who_answers(visit: Visit, morning: None) -> None:
    karin = visit("karin")
    karin.go("/franvaro")
    karin.fill_date("Första dagen borta", 16, 11, 2026)
    karin.fill_date("Sista dagen borta", 17, 11, 2026)
    karin.tick("Nils Berg")
    karin.press("Spara frånvaron")
    visit("astrid").reads("Karin är borta till tisdag 17 november. Nils Berg svarar.")
    nils = visit("nils")
    nils.go("/arbetslista")
    nils.reads(ASTRID, "Du, för Karin")


def test_two_nurses_at_one_task_know_of_each_other(visit: Visit, db: Session, clinic: Clinic, morning: None) -> None:
    away(db, clinic, "karin", "nils")
    db.commit()
    karin, nils = visit("karin"), visit("nils")
    for nurse in (karin, nils):
        nurse.go("/arbetslista")
        nurse.link(ASTRID)
    nils.reads("Karin Lind har uppgiften öppen sedan i dag 10.20.")


def test_m4_what_nobody_covers_is_one_press_away(visit: Visit, db: Session, clinic: Clinic) -> None:
    away(db, clinic, "karin", None)
    db.commit()
    mia = visit("mia")
    with mia.within(1):
        mia.link("Frånvaro")
    part = mia.section("Ingen svarar, de närmaste 14 dagarna")
    assert "Karin Lind" in mia.text_of(part)


def test_m7_a_nurse_leaves_in_four_presses_and_reaches_nothing(visit: Visit, morning: None) -> None:
    karin, mia = visit("karin"), visit("mia")
    karin.go("/arbetslista")
    with mia.within(4):
        mia.link("Personal")
        mia.link("Karin Lind")
        mia.field("Vem tar över patienterna?").select_option(label="Nils Berg")
        mia.press("Avsluta")
    mia.reads("Karin Lind arbetar inte här längre, och är utloggad.")
    karin.page.goto("/arbetslista")
    assert "/logga-in" in karin.page.url
    nils = visit("nils")
    nils.go("/arbetslista")
    nils.reads(ASTRID, BO)


def test_m7_a_colleague_is_added_and_given_a_role(visit: Visit) -> None:
    mia = visit("mia")
    with mia.within(4):
        mia.link("Personal")
        mia.link("Lägg till en medarbetare")
        mia.fill("Personnummer", make.personnummer(MONDAY.date().replace(year=1988), 981))
        mia.fill("Förnamn", "Eva")
        mia.fill("Efternamn", "Ny")
        mia.fill("Titel", "kontaktsjuksköterska")
        mia.tick("kontaktsjuksköterska")
        mia.press("Spara")
    mia.reads("Eva Ny")


def test_m8_telephone_hours_closed_days_and_cover_text_are_set(visit: Visit) -> None:
    mia = visit("mia")
    with mia.within(2):
        mia.link("Tider och telefon")
        mia.fill("Fredag", "8–12")
        mia.fill("Fler stängda dagar", "2026-12-23")
        mia.fill("Det patienten läser när kontaktsjuksköterskan är borta", "Ring gärna på förmiddagen.")
        mia.press("Spara")
    mia.reads("Inställningarna är sparade.")
    assert mia.field("Fredag").input_value() == "8.00–12.00"


@pytest.mark.parametrize("javascript", [False], ids=["no-script"])
def test_n13_the_thirteen_flags_of_a_morning_are_done_in_three_presses_each(
    visit: Visit, db: Session, library: Library, clinic: Clinic
) -> None:
    for number in range(13):
        answers = {"breathlessness": 8} if number < 4 else {"fatigue": 7}
        sent_at = MONDAY - timedelta(hours=20 - number)
        stories.sent(db, library, clinic, ("astrid", "bo")[number % 2], answers, at=sent_at)
    db.commit()
    karin = visit("karin")
    karin.go("/arbetslista")
    karin.reads("Behöver bedömas nu, 4", "Behöver ses, 9")
    with karin.within(13 * 3):
        for number in range(13):
            karin.link((ASTRID, BO)[number % 2])
            karin.tick("Talat med patienten")
            karin.press("Spara och stäng")
    karin.reads("Inget väntar på dig just nu.")
