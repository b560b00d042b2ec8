"""Groups on paper and keyed in: a matrix is a table there, and a group that repeats has blank instances."""

from io import BytesIO
from uuid import UUID

import pytest
import sqlalchemy as sa
from pypdf import PdfReader
from sqlalchemy.orm import Session

from careplan.library import compile_questionnaire
from careplan.models import QuestionnaireResponse
from careplan.web.printed_form import sections_of
from tests import make
from tests.actions import forms
from tests.content.grouped import GROUPED
from tests.pages import words

pytestmark = [pytest.mark.usefixtures("printed_once"), pytest.mark.slow]
FORM = compile_questionnaire(GROUPED, "grouped.yaml")


@pytest.fixture
def asked(db: Session, clinic: make.Clinic) -> UUID:
    made = forms.ask(db, forms.publish(db, FORM, GROUPED), clinic, FORM.id, who="aino")
    made.id = UUID("7d0c2f5e-0b1a-4c8e-9f63-2a4b5c6d7e90")
    db.commit()
    return made.id


def test_a_matrix_is_a_table_of_boxes_and_each_instance_has_its_place(karin, asked):
    response = karin.client.get(karin.url("staff.paper_form", request_id=asked, sprak="sv"))
    pages = PdfReader(BytesIO(response.data)).pages
    text = " ".join("\n".join(page.extract_text() for page in pages).replace("\u00a0", " ").split())
    assert "Hur ont har du just nu, på de här ställena? Svara bara om du svarade 3 eller mer på fråga 1." in text
    assert "2. Ryggen back" in text
    assert "0 = Lätt, 10 = Värst. 0 1 2 3 4 5 6 7 8 9 10 Vill inte svara 2. Ryggen back 3. Huvudet head" in text
    for number in (1, 2, 3, 4):
        assert f"Läkemedel mot smärta, nummer {number}" in text
    assert "6.2. Vad heter läkemedlet? medicine@2" in text
    assert "Svara bara om du svarade ”Varje dag” på fråga 7.2." in text
    assert "Har du fler?" not in text  # four is the most there may be


def test_what_does_not_fit_has_a_place_at_the_end(app):
    with app.test_request_context():
        blocks = [block for _title, blocks in sections_of(FORM, 2) for block in blocks]
    hints = [block.hint for block in blocks if "nummer" in block.heading]
    assert hints == ["", "Har du fler? Skriv dem sist i formuläret."]


def test_the_page_for_keying_in_mirrors_the_paper(karin, asked):
    page = karin.get("staff.key_in", request_id=asked)
    heads = [words(head) for head in page.select("h3")]
    assert heads[0] == "Hur ont har du just nu, på de här ställena?"
    assert "Läkemedel mot smärta, nummer 4" in heads
    assert page.select('[name="svar-medicine@4"]')
    assert "6.2. Vad heter läkemedlet?" in page.text
    assert page.find("button", string="Visa plats för fler") is None


def test_instances_are_keyed_in_by_telephone_and_sent(karin, db, asked):
    karin.get("staff.key_in", request_id=asked, satt="telefon")
    typed = {"pain": "5", "back": "2", "taken": "yes", "medicine": "Alvedon", "medicine@2": "Ipren", "often@2": "daily"}
    sent = {f"svar-{key}": value for key, value in typed.items()}
    karin.post("staff.key_in", sent, request_id=asked, satt="telefon")
    answers = {row.link_id: row.value for row in db.scalars(sa.select(QuestionnaireResponse)).one().answers}
    db.rollback()
    assert {key: value for key, value in answers.items() if "@" in key} == {
        "medicine@2": "Ipren",
        "often@2": "daily",
        "dose@2": None,
    }
    assert answers["back"] == 2


def test_who_was_told_of_more_than_the_paper_has_room_for_gets_room_for_more(karin, db, clinic):
    text = GROUPED.replace("at_most: 4", "at_most: 6").replace("id: grouped", "id: roomy")
    form = compile_questionnaire(text, "roomy.yaml")
    made = forms.ask(db, forms.publish(db, form, text), clinic, form.id, who="aino")
    db.commit()
    asked = made.id
    db.rollback()
    page = karin.get("staff.key_in", request_id=asked, satt="telefon")
    assert not page.select('[name="svar-medicine@5"]')
    assert page.find("button", string="Visa plats för fler") is not None
    sent = {"svar-taken": "yes", "svar-medicine": "Alvedon", "rader": "4", "fler": "ja"}
    page = karin.post("staff.key_in", sent, request_id=asked, satt="telefon", expect=200)
    assert page.select('[name="svar-medicine@5"]')
    assert page.find("textarea", attrs={"name": "svar-medicine"}).text.strip() == "Alvedon"
    assert page.find("input", attrs={"name": "rader"})["value"] == "5"
    sent = {"svar-taken": "yes", "svar-medicine@5": "Femte", "svar-often@5": "seldom", "rader": "5"}
    karin.post("staff.key_in", sent, request_id=asked, satt="telefon")
    answers = {row.link_id: row.value for row in db.scalars(sa.select(QuestionnaireResponse)).one().answers}
    db.rollback()
    assert answers["medicine@5"] == "Femte"
