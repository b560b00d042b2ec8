"""The timed tasks about messages and letters, each within its clicks: P1-9, T-8 and A-8."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Locator
from pypdf import PdfReader
from sqlalchemy.orm import Session

from careplan.actions import people, referrals, tasks
from careplan.domain.answers import answered
from careplan.library import Library
from careplan.models import Letter, Message, Patient, Task
from tests import make, stories
from tests.actions import forms
from tests.actions.test_paper import key_in
from tests.browser.visitor import AT_A_PHONE, Visit, Visitor
from tests.conftest import Clock

pytestmark = pytest.mark.browser


def write(visitor: Visitor, text: str, label: str = "Ditt meddelande") -> None:
    visitor.fill(label, text)


@pytest.fixture
def in_team(db: Session, library: Library, clinic: make.Clinic) -> None:
    """Freja trains with Astrid, and looks back at a goal with her today."""
    people.add_to_team(
        db,
        patient=db.get_one(Patient, clinic.patient["astrid"]),
        practitioner_id=clinic.practitioner["freja"],
        unit_id=clinic.unit.id,
        role=clinic.actor["freja"].capacity,
        by=clinic.actor["karin"],
        at=make.MONDAY,
    )
    task = stories.task_of(db, stories.sent(db, library, clinic, "astrid", {"breathlessness": 8}))
    task.owner_id = clinic.practitioner["freja"]
    db.commit()


def test_a_question_takes_two_clicks_and_shows_the_day_of_its_answer(visit: Visit, db: Session, clock: Clock) -> None:
    astrid = visit("astrid")
    with astrid.within(2):
        astrid.link("Meddelanden")
        astrid.reads("Du får svar senast onsdag 18 november.", "Andra tider: 1177", "Fara för livet: 112")
        write(astrid, "Får jag smörja huden?")
        astrid.press("Skicka")
        astrid.reads("Ditt meddelande är skickat.", "Du får svar senast onsdag 18 november.", "Inte läst än.")
    clock.at += timedelta(minutes=5)
    karin = visit("karin")
    karin.link("Astrid Ek", inside=karin.page.locator("#g-message"))
    write(karin, "Ja, gärna.", "Svara Astrid")
    karin.press("Skicka")
    karin.link("Arbetslista")
    assert not karin.page.locator("#g-message").count()
    astrid.link("Meddelanden")
    astrid.reads("Nytt svar från Karin Lind")


def test_a_physiotherapist_writes_to_the_nurse_from_the_case_in_two_clicks(
    visit: Visit, in_team: None, db: Session
) -> None:
    freja = visit("freja")
    freja.link("Arbetslista")
    freja.link("Astrid Ek")
    with freja.within(2):
        freja.link("Skriv ett meddelande")
        write(freja, "Kan du ringa henne om armen?", "Meddelande")
        freja.press("Skicka")
    freja.reads("Inom teamet. Patienten ser det inte.", "Kan du ringa henne om armen?")
    karin = visit("karin")
    karin.reads("Freja Holm: ”Kan du ringa henne om armen?”")


@AT_A_PHONE
def test_the_written_answer_is_printed_in_two_clicks(
    visit: Visit, db: Session, library: Library, clinic: make.Clinic
) -> None:
    asked = forms.ask(db, library, clinic, stories.FORM, who="aino")
    form = library.questionnaire(stories.FORM)
    sent = key_in(db, clinic, form, asked, {"fatigue": answered(2)}, mode="phone").response
    said = "Karin ringer dig på torsdag om tröttheten."
    tasks.complete(
        db,
        stories.task_of(db, sent),
        outcome="called",
        next_step=said,
        by=clinic.actor["karin"],
        at=make.MONDAY,
    )
    db.commit()
    karin = visit("karin")
    with karin.within(2):
        karin.link("Brev")
        pdf = download(karin, karin.page.get_by_role("button", name="Stor text"))
    text = " ".join(pdf.pages[0].extract_text().split())
    for expected in ("Vi har läst dina svar", said, "Karin Lind, kontaktsjuksköterska", "Aino Virtanen", "1177", "112"):
        assert expected in text, expected
    assert pdf.xmp_metadata is not None and "pdfuaid" in str(pdf.metadata) + pdf.xmp_metadata.rdf_root.toxml()
    assert len(pdf.pages) <= 2
    assert db.scalars(sa.select(Letter.printed_by_id)).one() == clinic.practitioner["karin"]
    db.rollback()
    karin.link("Brev")
    karin.reads("Alla brev är utskrivna.", "Utskrivet av Karin Lind")


def download(visitor: Visitor, button: Locator) -> PdfReader:
    visitor.clicks += 1
    with visitor.page.expect_download() as arriving:
        button.first.click()
    return PdfReader(BytesIO(Path(arriving.value.path()).read_bytes()))


@AT_A_PHONE
def test_a_double_click_sends_one_message(visit: Visit, db: Session) -> None:
    astrid = visit("astrid")
    astrid.link("Meddelanden")
    write(astrid, "Får jag smörja huden?")
    astrid.page.get_by_role("button", name="Skicka", exact=True).dblclick()
    astrid.page.wait_for_url("**/meddelanden/*")
    counted = [db.scalar(sa.select(sa.func.count()).select_from(model)) for model in (Message, Task)]
    db.rollback()
    assert counted == [1, 1]


@AT_A_PHONE
def test_what_is_too_long_stays_in_the_field(visit: Visit) -> None:
    astrid = visit("astrid")
    astrid.link("Meddelanden")
    long = "Jag undrar en sak. " * 300
    write(astrid, long)
    astrid.press("Skicka", status=422)
    astrid.reads("tecken för långt")
    assert astrid.field("Ditt meddelande").input_value().strip() == long.strip()
    write(astrid, "Kort")
    astrid.press("Skicka")
    astrid.reads("Ditt meddelande är skickat.")


@AT_A_PHONE
def test_whoever_has_accepted_a_referral_writes_from_its_page(
    visit: Visit, db: Session, library: Library, clinic: make.Clinic
) -> None:
    plan = stories.signed_plan(db, library, clinic)
    contact = stories.contact(db, clinic, "astrid")
    asked = referrals.refer(
        db,
        plan,
        profession="physiotherapist",
        known={"physiotherapist"},
        areas=["strength"],
        question="Kan hon träna?",
        contact=contact,
        by=clinic.actor["karin"],
        at=make.MONDAY,
    )
    referrals.accept(db, asked, next_step="Freja ringer.", by=clinic.actor["freja"], at=make.MONDAY)
    path = f"/remisser/{asked.id}"
    db.commit()
    freja = visit("freja")
    freja.go(path)
    with freja.within(2):
        freja.link("Skriv till teamet om Astrid")
        write(freja, "Hon tränar nu två gånger i veckan.", "Meddelande")
        freja.press("Skicka")
    freja.reads("Inom teamet. Patienten ser det inte.")
    assert not freja.page.get_by_role("link", name="Astrid Ek").count(), "her page is for the team"
