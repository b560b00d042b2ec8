"""N-8 of the acceptance scripts, and what the nurse makes of a plan: her own chapter, order and summary."""

from io import BytesIO

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy.orm import Session

from careplan.library import Library
from tests import stories
from tests.browser.visitor import AT_A_DESK, Visit, Visitor
from tests.make import MONDAY, Clinic
from tests.publishing import with_new_chapter

pytestmark = [pytest.mark.browser, AT_A_DESK]

TEMPLATE = "breast-cancer"


def find_astrid(karin: Visitor, clinic: Clinic) -> None:
    karin.link("Patienter")
    karin.fill("Personnummer", clinic.personnummer["astrid"])
    karin.press("Hitta")
    assert karin.heading == "Astrid Ek"


def test_a_plan_is_built_from_its_template_with_few_clicks(visit: Visit, library: Library, clinic: Clinic) -> None:
    plan = library.plan(TEMPLATE, "sv")
    hidden, noted = (plan.chapter(ref.id) for ref in plan.phases[0].chapters[:2])
    karin = visit("karin")
    with karin.within(10):
        find_astrid(karin, clinic)
        karin.tick(plan.title)
        karin.press("Starta vårdplan")
        karin.tick(plan.treatments[0].title)
        karin.tick(plan.treatments[1].title)
        karin.field(f"{hidden.title}: visas").uncheck()
        karin.clicks += 1
        karin.fill(f"Din anteckning till {noted.title}", "Fråga mig om det här på torsdag.")
        karin.fill("Hälsning överst i planen", "Hej Astrid.")
        karin.press("Signera och visa för Astrid")
        # The treatments moved chapters: the nurse looks at them, then signs.
        karin.reads("Inte signerat än. Se efter kapitlen och signera sedan.")
        karin.press("Signera och visa för Astrid")
    karin.reads("Version 1 är signerad. Astrid ser den nu.")
    astrid = visit("astrid")
    astrid.go("/plan")
    astrid.open("Visa 6 kapitel")
    astrid.reads("Hej Astrid.", noted.title)
    assert hidden.title not in astrid.text


@pytest.mark.parametrize("javascript", [False], ids=["without-javascript"])
def test_own_chapters_and_their_order_need_no_javascript(
    visit: Visit, db: Session, library: Library, clinic: Clinic
) -> None:
    plan = stories.signed_plan(db, library, clinic)
    db.commit()
    karin = visit("karin")
    karin.go(f"/vardplaner/{plan.id}")
    karin.press("Skriv ett eget kapitel")
    karin.fill("Rubrik", "Din vila")
    karin.field("Del av planen").select_option(label="Rehabilitering")
    karin.fill("Text", "Ring {{ nurse.secret }}.")
    karin.press("Visa hur det blir", status=422)
    karin.reads("Rad 1: nurse.secret finns inte bland det som kan fyllas i.")
    karin.fill("Text", "Du ska **vila** efter lunch.\n\nRing {{ nurse.phone }}.")
    karin.press("Visa hur det blir")
    karin.reads("Så läser Astrid kapitlet", "Ring 0980-319 210.", "Läsbarhet: LIX")
    karin.press("Spara")
    karin.open("Rehabilitering")
    karin.fill("Plats för Din vila", "1")
    with karin.within(1):
        karin.press("Signera och visa för Astrid")
    astrid = visit("astrid")
    astrid.go("/plan")
    astrid.open("Visa 11 kapitel")
    astrid.link("Din vila")
    astrid.reads("Du ska vila efter lunch.", "Skrivet till dig av Karin Lind.")


def test_the_treatment_summary_is_signed_and_read_and_printed_on_one_page(
    visit: Visit, db: Session, library: Library, clinic: Clinic
) -> None:
    plan = stories.signed_plan(db, library, clinic)
    db.commit()
    karin = visit("karin")
    karin.go(f"/patienter/{plan.patient_id}")
    with karin.within(2):
        karin.link("Sammanfattning och uppföljning")
        karin.fill("Behandling som är gjord", "Operation 2 april 2026")
        karin.fill("Hör av dig direkt om", "")
        karin.press("Signera och visa för Astrid")
    karin.reads("Inte komplett. Det här saknas: hör av dig direkt om")
    astrid = visit("astrid")
    astrid.go("/plan")
    with astrid.within(1):
        astrid.link("Sammanfattning av din behandling")
    astrid.reads("Operation 2 april 2026", "Karin Lind, 0980-319 210")
    answer = astrid.context.request.get(f"/utskrift/sammanfattning/{plan.id}.pdf?storlek=14")
    assert len(PdfReader(BytesIO(answer.body())).pages) == 1


def test_a_unit_tells_where_to_park(visit: Visit) -> None:
    mia = visit("mia")
    with mia.within(2):
        mia.link("Om mottagningen")
        mia.fill("Parkering på svenska", "Parkera på P2.")
        mia.press("Spara")
    mia.reads("Sparat.")
    assert mia.field("Parkering på svenska").input_value() == "Parkera på P2."


def test_a_newer_template_is_looked_at_and_taken_over_in_four_clicks(
    visit: Visit, app: Flask, db: Session, library: Library, clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    stories.signed_plan(db, library, clinic)
    published = with_new_chapter(db, library, "sleep", lambda text: f"{text}\nSov gott i natt.\n", at=MONDAY)
    db.commit()
    monkeypatch.setitem(app.extensions, "library", published)
    karin = visit("karin")
    karin.go("/patienter")
    with karin.within(4):
        karin.link("Mallen har ändrats: 1 plan")
        karin.link("Astrid Ek")
        karin.reads("Ny text i Sömn")
        karin.tick("Ta över den och signera nu")
        karin.press("Spara valet")
    karin.reads("Version 2 är signerad. Astrid ser den nu.")
