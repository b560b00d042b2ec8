"""The blank form on paper: the request's own questions and link ids, whom to ring, and a code that names nobody."""

from datetime import timedelta
from io import BytesIO
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask
from pypdf import PdfReader

from careplan.domain.conditions import AllOf, AnyOf, Compare, Comparison, Condition, Is, Not
from careplan.models import AuditEvent, Patient, QuestionnaireRequest
from careplan.web.branching import only_if
from careplan.web.printed_form import form_document
from careplan.web.staff.paper import code_address
from tests import make, stories
from tests.actions import forms
from tests.people import Human

pytestmark = [pytest.mark.usefixtures("printed_once"), pytest.mark.slow]


@pytest.fixture
def asked(db, clinic, library):
    made = forms.ask(db, library, clinic, "needs", who="aino")
    made.id = UUID("7d0c2f5e-0b1a-4c8e-9f63-2a4b5c6d7e8f")  # printed: with one id the tests read one document
    db.commit()
    return made.id


def printed(human: Human, request_id, **choices: str) -> PdfReader:
    response = human.client.get(human.url("staff.paper_form", request_id=request_id, **choices))
    assert (response.status_code, response.mimetype) == (200, "application/pdf")
    return PdfReader(BytesIO(response.data))


def words(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").split())


def test_it_holds_every_question_with_its_link_id_and_what_opens_it(karin, library, asked):
    reader = printed(karin, asked)
    text = words("\n".join(page.extract_text() for page in reader.pages))
    form = library.questionnaire("needs")
    for number, item in enumerate(form.questions, start=1):
        assert f"{number}. {item.text['sv']} {item.link_id}" in text
        for option in item.options:
            assert option.text["sv"] in text
    assert text.count("Jag vill inte svara") == sum(item.declinable for item in form.questions)
    pain = [item.link_id for item in form.questions].index("pain") + 1
    assert f"Svara bara om du svarade 5 eller mer på fråga {pain}." in text
    assert "0 = Ingen smärta" in text and "0 1 2 3 4 5 6 7 8 9 10" in text


def test_page_one_says_whom_to_ring_when_to_return_it_and_where(karin, clinic, asked):
    reader = printed(karin, asked)
    first = words(reader.pages[0].extract_text())
    assert "Svaren läses inte direkt" in first and "ringer du 112" in first
    assert "framme senast 19 november 2026" in first
    assert "Bröstmottagningen, Ingång B, plan 3" in first
    for number, page in enumerate(reader.pages, start=1):
        text = words(page.extract_text())
        assert f"Sidan {number} av {len(reader.pages)}" in text and "Aino Virtanen, född 1943" in text
        assert asked.hex[:8].upper() in text


def test_it_is_tagged_in_its_language_and_names_no_personnummer(karin, clinic, asked):
    reader = printed(karin, asked)
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.trailer["/Root"]["/Lang"] == "sv"
    text = "\n".join(page.extract_text() for page in reader.pages)
    number = clinic.personnummer["aino"]
    assert number not in text.replace("-", "") and number[2:] not in text.replace("-", "")


def test_large_type_takes_more_pages_and_another_language_is_printed_in_it(karin, asked):
    assert len(printed(karin, asked, storlek="18").pages) > len(printed(karin, asked).pages)
    english = printed(karin, asked, sprak="en")
    assert english.trailer["/Root"]["/Lang"] == "en"
    assert "How much pain have you had?" in words("\n".join(page.extract_text() for page in english.pages))


def test_the_code_opens_the_page_for_keying_in_and_names_nobody(karin, asked):
    with karin.app.test_request_context():
        address = code_address(asked, "sv")
    assert address == f"http://127.0.0.1:8000/papper/{asked}?sprak=sv"
    page = karin.open(address.removeprefix("http://127.0.0.1:8000"))
    assert page.heading == "Mata in papperet från Aino Virtanen"


def test_printing_is_logged_and_only_for_the_unit(db, karin, lars, asked):
    printed(karin, asked)
    lars.get("staff.paper_form", request_id=asked, expect=404)
    db.rollback()
    assert "print-form" in set(db.scalars(sa.select(AuditEvent.action)))


def test_wording_is_that_of_the_version_that_was_asked_for(app: Flask, db, clinic, karin):
    questionnaire, text = forms.form(3)
    library = forms.publish(db, questionnaire, text)
    asked = forms.ask(db, library, clinic, questionnaire.id, who="aino")
    db.commit()
    assert "2. Hur mycket besvär 2? q2" in words(printed(karin, asked.id).pages[0].extract_text())


def test_a_document_fetches_nothing(app, db, clinic, library, asked):
    with app.test_request_context():
        html = form_document(
            db.get_one(QuestionnaireRequest, asked),
            db.get_one(Patient, clinic.patient["aino"]),
            library.questionnaire("needs"),
            stories.contact(db, clinic, "aino"),
            spoken="sv",
            size="14",
            address="http://127.0.0.1/",
            at=make.MONDAY + timedelta(hours=1),
        )
    assert " src=" not in html and " href=" not in html


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (Compare("pain", Comparison.AT_LEAST, 5), "du svarade 5 eller mer på fråga 3"),
        (Compare("pain", Comparison.AT_MOST, 2), "du svarade 2 eller mindre på fråga 3"),
        (Is("fever", ("today", "earlier")), "du svarade ”Ja, i dag” eller ”Ja, tidigare under veckan” på fråga 5"),
        (Not(Is("fever", ("no",))), "det inte är så att du svarade ”Nej” på fråga 5"),
        (
            AllOf((Compare("pain", Comparison.AT_LEAST, 5), AnyOf((Is("fever", ("no",)), Not(Is("fever", ("no",))))))),
            (
                "du svarade 5 eller mer på fråga 3 och "
                "(du svarade ”Nej” på fråga 5 eller det inte är så att du svarade ”Nej” på fråga 5)"
            ),
        ),
    ],
)
def test_what_opens_a_question_is_said_in_words(app: Flask, library, condition: Condition, said: str):
    with app.test_request_context():
        assert only_if(library.questionnaire("weekly-symptoms"), condition) == f"Svara bara om {said}."
