"""On paper within the clicks that people are timed on, and help for children in two."""

from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from sqlalchemy.orm import Session

from careplan.library import Library
from tests import stories
from tests.actions import forms
from tests.browser.visitor import AT_A_DESK, Visit, Visitor
from tests.make import Clinic
from tests.web.test_documents_pdf import edited_plan

pytestmark = [pytest.mark.browser, AT_A_DESK]


def fetched(visitor: Visitor, link: str) -> PdfReader:
    """The file that a link gives; pressing it is a click."""
    visitor.clicks += 1
    with visitor.page.expect_download() as arriving:
        visitor.page.get_by_role("link", name=link, exact=True).click()
    return PdfReader(BytesIO(Path(arriving.value.path()).read_bytes()))


def test_a_patient_saves_the_plan_in_large_print_within_three_clicks(
    visit: Visit, db: Session, library: Library, clinic: Clinic
) -> None:
    edited_plan(db, library, clinic)
    astrid = visit("astrid")
    with astrid.within(3):
        astrid.link("Min plan")
        reader = fetched(astrid, "PDF med stor text")
    assert "Karin Lind 0980-319 210" in " ".join(reader.pages[0].extract_text().split())
    small = fetched(astrid, "PDF med vanlig text")
    assert len(small.pages) < len(reader.pages)


def test_a_nurse_prints_in_the_size_of_her_choice_within_three_clicks(
    visit: Visit, db: Session, library: Library, clinic: Clinic
) -> None:
    edited_plan(db, library, clinic)
    karin = visit("karin")
    for link in ("PDF med vanlig text", "PDF med stor text"):
        with karin.within(3):
            karin.link("Patienter")
            karin.link("Astrid Ek")
            assert fetched(karin, link).metadata.title == "Min vårdplan"


def test_a_patient_on_paper_gets_the_plan_in_large_print_with_name_and_number_on_each_page(
    visit: Visit, db: Session, library: Library, clinic: Clinic
) -> None:
    edited_plan(db, library, clinic, "aino")
    karin = visit("karin")
    with karin.within(3):
        karin.link("Patienter")
        karin.link("Aino Virtanen")
        reader = fetched(karin, "PDF med stor text")
    for page in reader.pages:
        said = " ".join(page.extract_text().split())
        assert "Aino Virtanen, född 1943" in said and "Karin Lind 0980-319 210" in said
    first = " ".join(reader.pages[0].extract_text().split())
    assert "Ring direkt, dygnet runt" in first and "Fara för livet 112" in first


def test_a_patient_on_paper_gets_the_form_with_the_same_questions_and_a_day_to_return_it(
    visit: Visit, db: Session, library: Library, clinic: Clinic
) -> None:
    forms.ask(db, library, clinic, stories.FORM, who="aino")
    db.commit()
    karin = visit("karin")
    with karin.within(3):
        karin.link("Patienter")
        karin.link("Aino Virtanen")
        reader = fetched(karin, "med stor text")
    said = " ".join(" ".join(page.extract_text().split()) for page in reader.pages)
    for item in library.questionnaire(stories.FORM).questions:
        assert item.text["sv"] in said and item.link_id in said
    assert "så att det är framme senast" in said and "Adress: Bröstmottagningen" in said


def test_a_relative_finds_help_for_the_children_in_two_clicks(
    visit: Visit, db: Session, library: Library, clinic: Clinic
) -> None:
    stories.signed_plan(db, library, clinic)
    db.commit()
    lina = visit("lina")
    with lina.within(2):
        lina.link("Stöd")
        lina.link("Hjälp till barn i familjen")
    lina.reads("Bris", "116 111", "Vårdens stöd till barn i familjen")


def test_the_parts_of_a_document_are_chosen_on_one_page(
    visit: Visit, db: Session, library: Library, clinic: Clinic
) -> None:
    edited_plan(db, library, clinic)
    astrid = visit("astrid")
    astrid.link("Min plan")
    astrid.link("Skriv ut")
    astrid.tick("Stöd och hjälp, vart du kan vända dig")
    astrid.tick("Inga kapitel")
    astrid.tick("Stor text")
    reader = astrid.download("Hämta PDF")
    said = " ".join(" ".join(page.extract_text().split()) for page in reader.pages)
    assert "Cancerlinjen" in said and "020-59 59 59" in said and "Kod som öppnar" not in said
