"""The sheet "Det här är nytt": what has come since what was printed for a patient on paper, or since it was read."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
import sqlalchemy as sa
from pypdf import PdfReader

from careplan.models import AuditEvent, PlanRead
from tests.make import MONDAY
from tests.pages import words as words_of
from tests.web.revised import TEMPLATE, first_version, revise

NEXT_DAY = MONDAY + timedelta(days=1)

pytestmark = [pytest.mark.usefixtures("printed_once"), pytest.mark.slow]


@pytest.fixture
def plan(db, library, clinic):
    """Aino's, who has it on paper."""
    return first_version(db, library, clinic, "aino")


def text(reader: PdfReader) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages))


def printed(human, endpoint: str, plan, **asked) -> PdfReader:
    human.get(endpoint, plan_id=plan.id, **asked)
    assert human.response.mimetype == "application/pdf"
    return PdfReader(BytesIO(human.response.get_data()))


def test_the_sheet_holds_what_has_come_since_the_plan_was_printed(human, app, plan, db, library, clinic, clock):
    printed(human(app, "karin"), "documents.pdf", plan, kapitel="nu")
    clock.at = NEXT_DAY
    revise(
        db,
        library,
        clinic,
        plan,
        at=NEXT_DAY,
        notes={"fatigue": "Vila före lunch. Ring om du undrar."},
        show={"nausea"},
        hide={"sleep"},
    )
    karin = human(app, "karin")
    sheet = printed(karin, "documents.news", plan)
    words = text(sheet)
    titles = {
        each: library.plan(TEMPLATE, "sv").chapter(each).title for each in ("nausea", "sleep", "fatigue", "moving")
    }
    assert "Det här är nytt i din vårdplan" in words
    assert "Du har version 1, från 16 november 2026." in words
    assert f"Kapitel tillagt: {titles['nausea']}" in words and f"Kapitel borttaget: {titles['sleep']}" in words
    assert "Borttaget: Vila efter lunch. Nytt: Vila före lunch. Ring om du undrar." in words
    assert titles["moving"] not in words
    assert len(sheet.pages) < len(printed(karin, "documents.pdf", plan, kapitel="alla").pages)
    for page in sheet.pages:
        assert "Aino Virtanen" in page.extract_text() and "0980-319 210" in page.extract_text().replace("\u00a0", " ")
    assert "print-news" in db.scalars(sa.select(AuditEvent.action)).all()


def test_it_can_be_printed_again_and_in_the_size_that_the_patient_needs(karin, plan, db, library, clinic):
    printed(karin, "documents.pdf", plan, kapitel="nu")
    revise(db, library, clinic, plan, greeting="Hej igen.", at=NEXT_DAY)
    small = printed(karin, "documents.news", plan, storlek="14")
    again = printed(karin, "documents.news", plan)
    assert "Hälsning tillagd" in text(small) and "Hälsning tillagd" in text(again)
    mark = db.scalars(sa.select(PlanRead)).one()
    assert (mark.medium, mark.number, mark.since) == ("paper", 2, 1)


def test_the_list_of_letters_holds_the_plans_that_wait_for_paper(human, app, plan, db, library, clinic, clock):
    first_version(db, library, clinic, "astrid")  # she reads on the screen
    karin = human(app, "karin")

    def waiting() -> list[str]:
        return [words_of(each) for each in karin.get("staff.letters").select("section[aria-labelledby=planer] li")]

    (line,) = waiting()
    assert line.startswith("Aino Virtanen Version 1 är signerad i dag 10.20. Inget är utskrivet. Skriv ut planen")
    printed(karin, "documents.pdf", plan, kapitel="nu")
    assert waiting() == []
    revise(db, library, clinic, plan, greeting="Hej igen.", at=MONDAY + timedelta(hours=1))
    (line,) = waiting()
    assert "Version 2 är signerad" in line and "Version 1 är utskriven. Skriv ut det som är nytt" in line
    printed(karin, "documents.news", plan)
    assert waiting() == []
    assert human(app, "lars").get("staff.letters").select("section[aria-labelledby=planer]") == []


def test_without_anything_new_the_nurse_is_told_so(karin, plan):
    karin.get("documents.news", plan_id=plan.id, expect=303)
    assert "Inget är nytt sedan den förra versionen." in karin.follow(karin.page).text


def test_the_page_of_what_to_print_offers_the_sheet(karin, plan, db, library, clinic):
    assert "Bara det som är nytt" not in karin.get("documents.show", plan_id=plan.id).text
    revise(db, library, clinic, plan, greeting="Hej igen.", at=NEXT_DAY)
    page = karin.get("documents.show", plan_id=plan.id)
    assert "Det här är nytt sedan version 1, från 16 november 2026: Hälsning tillagd" in page.text
    assert [each["href"].partition("?")[2] for each in page.select("section[aria-labelledby=nytt] a")] == [
        "storlek=18",
        "storlek=14",
    ]


def test_a_patient_prints_what_is_new_since_she_read(human, app, db, library, clinic, clock):
    plan = first_version(db, library, clinic)
    human(app, "astrid").get("patient.plan")
    for day in (1, 2):
        clock.at = MONDAY + timedelta(days=day)
        revise(db, library, clinic, plan, greeting=f"Hälsning {day}.", at=clock.at)
    words = text(printed(human(app, "astrid"), "documents.news", plan))
    assert "Du har version 1" in words and "Hälsning 2." in words
    assert db.scalars(sa.select(PlanRead.medium)).all() == ["screen"]


def test_any_earlier_version_can_be_named(karin, plan, db, library, clinic):
    for day in (1, 2, 3):
        revise(db, library, clinic, plan, greeting=f"Hälsning {day}.", at=MONDAY + timedelta(days=day))
    assert "Du har version 2" in text(printed(karin, "documents.news", plan, fran=2))
    karin.get("documents.news", plan_id=plan.id, fran=4, expect=303)
    karin.get("documents.news", plan_id=plan.id, fran=-1, expect=303)
