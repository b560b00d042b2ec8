"""A paper form: printed, keyed in by two people who do not see each other's reading, and compared."""

import pytest
from sqlalchemy.orm import Session

from careplan.library import Library
from tests.actions import forms
from tests.browser.visitor import AT_A_DESK, Visit, Visitor
from tests.make import Clinic

pytestmark = [pytest.mark.browser, AT_A_DESK]

FORM = "weekly-symptoms"


@pytest.fixture
def asked(db: Session, clinic: Clinic, library: Library) -> str:
    made = forms.ask(db, library, clinic, FORM, who="aino")
    db.commit()
    return str(made.id)


def mark(visitor: Visitor, library: Library, link_id: str, text: str) -> None:
    """Tick what stands on the paper beside a question."""
    form = library.questionnaire(FORM)
    number = [item.link_id for item in form.questions].index(link_id) + 1
    question = visitor.group(f"{number}. {form.item(link_id).text['sv']}")
    question.get_by_label(text, exact=True).check()


def test_a_paper_is_printed_keyed_in_and_compared(visit: Visit, clinic: Clinic, library: Library, asked: str) -> None:
    karin, nils = visit("karin"), visit("nils")
    karin.go(f"/patienter/{clinic.patient['aino']}")
    with karin.page.expect_download() as download:
        karin.page.get_by_role("link", name="Skriv ut på papper", exact=True).click()
    assert download.value.suggested_filename == "formular.pdf"

    karin.link("Mata in papper")
    karin.fill_date("Vilken dag kom papperet?", 31, 2, 2026)
    mark(karin, library, "pain", "9")
    mark(karin, library, "nausea", "Oläsligt")
    mark(karin, library, "fever", "Nej")
    karin.press("Spara", status=422)
    assert "Den dagen finns inte." in karin.text
    karin.fill_date("Vilken dag kom papperet?", 16, 11, 2026)
    karin.press("Spara")
    assert "Sparat, men inte skickat." in karin.text
    assert "Ett svar kan behöva bedömas nu." in karin.text

    nils.go("/arbetslista")
    nils.link("Aino Virtanen")
    assert nils.heading == "Läs papperet från Aino Virtanen en gång till"
    assert nils.page.locator(":checked").count() == 0
    mark(nils, library, "pain", "4")
    mark(nils, library, "fever", "Nej")
    nils.press("Spara")
    assert "Ni har läst olika." in nils.text and "Två har läst olika: Smärta" in nils.text

    karin.go(f"/papper/{asked}")
    mark(karin, library, "pain", "4")
    karin.press("Spara")
    assert "Svaren från Aino Virtanen är sparade." in karin.text


def test_a_nurse_asks_by_telephone_and_reads_the_answers_at_once(
    visit: Visit, clinic: Clinic, library: Library, asked: str
) -> None:
    karin = visit("karin")
    karin.go(f"/patienter/{clinic.patient['aino']}")
    karin.link("Fråga per telefon")
    mark(karin, library, "pain", "9")
    karin.tick("En närstående har hjälpt till")
    karin.press("Spara och skicka")
    assert karin.heading == "Aino Virtanen: smärta 9 av 10"
    assert "Ifyllt med hjälp av en närstående. Svarat per telefon." in karin.text
