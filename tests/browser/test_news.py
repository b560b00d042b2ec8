"""What is new in a plan, within the clicks that people are timed on: on the screen (P2-10) and on paper (A-9)."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from sqlalchemy.orm import Session

from careplan.library import Library
from tests.browser.visitor import AT_A_PHONE, Visit, Visitor
from tests.make import MONDAY, Clinic
from tests.web.revised import TEMPLATE, first_version, revise

pytestmark = [pytest.mark.browser, AT_A_PHONE]

LATER = MONDAY + timedelta(minutes=30)


def fetched(visitor: Visitor, link: str) -> PdfReader:
    """The file that a link gives; pressing it is a click."""
    visitor.clicks += 1
    with visitor.page.expect_download() as arriving:
        visitor.page.get_by_role("link", name=link).first.click()
    return PdfReader(BytesIO(Path(arriving.value.path()).read_bytes()))


def test_a_patient_sees_what_is_new_since_she_read_within_one_click(
    visit: Visit, db: Session, library: Library, clinic: Clinic
) -> None:
    plan = first_version(db, library, clinic)
    astrid = visit("astrid")
    astrid.link("Min plan")
    revise(db, library, clinic, plan, notes={"fatigue": "Sov middag."}, show={"nausea"}, at=LATER)
    astrid.go("/hem")
    with astrid.within(1):
        astrid.link("Karin Lind har ändrat i planen")
    fatigue = library.plan(TEMPLATE, "sv").chapter("fatigue").title
    astrid.reads("Nytt sedan du läste sist", f"Ändrad anteckning i {fatigue}")
    astrid.link("Se precis vad som är ändrat")
    astrid.reads("Borttaget: Vila efter lunch.", "Nytt: Sov middag.")
    astrid.link("Versioner av planen")
    astrid.link("Läs version 1")
    astrid.reads("Det här är en äldre version")
    astrid.link("Läs planen som gäller nu")
    assert "äldre version" not in astrid.text


def test_her_daughter_sees_what_is_new_to_herself(visit: Visit, db: Session, library: Library, clinic: Clinic) -> None:
    plan = first_version(db, library, clinic)
    lina = visit("lina")
    lina.go("/plan")
    revise(db, library, clinic, plan, greeting="Hej igen.", at=LATER)
    lina.go("/hem")
    with lina.within(1):
        lina.link("Karin Lind har ändrat i planen")
    lina.reads("Nytt sedan du läste sist", "Hälsning tillagd")


def test_a_nurse_prints_what_is_new_for_a_patient_on_paper_within_two_clicks(
    visit: Visit, db: Session, library: Library, clinic: Clinic
) -> None:
    plan = first_version(db, library, clinic, "aino")
    karin = visit("karin")
    karin.link("Brev")
    assert fetched(karin, "Skriv ut planen").metadata.title == "Min vårdplan"
    revise(db, library, clinic, plan, greeting="Hej Aino, nya tider.", at=LATER)
    karin.go("/arbetslista")
    with karin.within(2):
        karin.link("Brev")
        sheet = fetched(karin, "Skriv ut det som är nytt")
    text = " ".join(" ".join(page.extract_text().split()) for page in sheet.pages)
    assert "Det här är nytt i din vårdplan" in text and "Hej Aino, nya tider." in text


def test_a_nurse_compares_two_versions(visit: Visit, db: Session, library: Library, clinic: Clinic) -> None:
    plan = first_version(db, library, clinic)
    for number in (2, 3):
        revise(db, library, clinic, plan, greeting=f"Hälsning {number}.", at=LATER)
    karin = visit("karin")
    karin.link("Patienter")
    karin.link("Astrid Ek")
    karin.link("Versioner")
    karin.press("Jämför")
    karin.reads("Från version 1", "Nytt: Hälsning 3.")
    karin.go(f"/vardplaner/{plan.id}/sprak")
    karin.tick("Engelska")
    karin.press("Välj språket")
    karin.reads("Planen är nu på engelska.")
