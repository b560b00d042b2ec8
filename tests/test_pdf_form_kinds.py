"""Every kind of question on paper: what there is to mark, and where own words go."""

from io import BytesIO
from uuid import UUID

import pytest
from pypdf import PdfReader
from sqlalchemy.orm import Session

from tests.actions import forms
from tests.content.every_kind import EVERY_KIND, every_kind
from tests.make import Clinic
from tests.people import Human
from tests.test_pdf_form import words

pytestmark = [pytest.mark.usefixtures("printed_once"), pytest.mark.slow]

MILLIMETRE = 72 / 25.4


@pytest.fixture
def pages(db: Session, clinic: Clinic, karin: Human):
    """Prints the form in this language."""
    library = forms.publish(db, every_kind(), EVERY_KIND)
    asked = forms.ask(db, library, clinic, "every-kind", who="aino")
    asked.id = UUID("5b7c0d1e-2f3a-4b5c-8d6e-7f8091a2b3c4")
    db.commit()

    def print_(language: str) -> PdfReader:
        response = karin.client.get(karin.url("staff.paper_form", request_id=asked.id, sprak=language))
        assert response.status_code == 200
        return PdfReader(BytesIO(response.data))

    return print_


def rectangles(reader: PdfReader) -> list[tuple[float, float]]:
    """Widths and heights in millimetres of what is drawn, as the page has it."""
    found: list[tuple[float, float]] = []
    for page in reader.pages:

        def visit(operator: bytes, operands: list, matrix: list[float], _text: list[float]) -> None:
            if operator == b"re":
                _x, _y, width, height = (float(each) for each in operands)
                found.append((abs(width * matrix[0]) / MILLIMETRE, abs(height * matrix[3]) / MILLIMETRE))

        page.extract_text(visitor_operand_before=visit)
    return found


def test_each_kind_has_its_place_to_write(pages) -> None:
    text = words("\n".join(page.extract_text() for page in pages("sv").pages))
    assert "0 = Ingen smärta 100 = Värsta tänkbara smärta" in text
    assert "Avläst tal. Vi fyller i det. Linjen är 100 mm." in text
    assert "Sätt ett kort streck tvärs över linjen, där det stämmer bäst." in text
    assert "Klockan Timme Minut" in text
    assert text.count("Dag Månad År") == 3
    assert "Vet du inte dagen? Lämna den tom." in text
    assert "Vet du bara året? Lämna dag och månad tomma." in text


def test_the_line_is_10_centimetres_long(pages) -> None:
    assert any(abs(width - 100) < 0.5 and height <= 10 for width, height in rectangles(pages("sv")))


def test_it_is_printed_in_english(pages) -> None:
    text = words("\n".join(page.extract_text() for page in pages("en").pages))
    assert "0 = No pain 100 = Worst pain imaginable" in text
    assert "Linjen" not in text and "Klockan" not in text
