"""A sent form as a PDF: what stands in it, in which language, who may have it, and what is logged."""

import re
from pathlib import Path
from uuid import UUID

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy.orm import Session

from careplan.actions import content
from careplan.domain.answers import DECLINED
from careplan.library import Library
from careplan.models import Patient, QuestionnaireResponse
from careplan.queries import answers
from careplan.web import printed_response
from tests import make, stories
from tests.content import bound
from tests.content.every_kind import EVERY_KIND
from tests.content.grouped import GROUPED
from tests.people import Human
from tests.web.response_print import EVERY_ANSWER, in_order, printed, receipt_of, sent_form, words
from tests.web.test_documents_pdf import nodes

pytestmark = [pytest.mark.usefixtures("printed_once"), pytest.mark.slow]
GROUPED_ANSWERS = {
    "pain": 5,
    "back": 2,
    "head": DECLINED,
    "taken": "yes",
    "medicine": "Alvedon",
    "medicine@2": "Ipren",
    "often@2": "daily",
    "dose@2": 3,
    "hours": 7,
}


@pytest.fixture
def every(db: Session, clinic: make.Clinic) -> UUID:
    return sent_form(
        db,
        clinic,
        EVERY_KIND,
        EVERY_ANSWER,
        wishes=("pain", "tired"),
        urgency="week",
        wants_contact=True,
        comment="Ring efter tre.",
    )


@pytest.fixture
def grouped(db: Session, clinic: make.Clinic) -> UUID:
    return sent_form(db, clinic, GROUPED, GROUPED_ANSWERS)


def test_every_kind_of_answer_stands_in_words_beside_its_question(astrid: Human, db: Session, every: UUID) -> None:
    receipt = receipt_of(db, every)
    in_order(
        words(printed(astrid, every)),
        "Svar: Alla sorter",
        "Svaren gäller Astrid Ek, född 1968",
        "Skickat 16 november 2026 klockan 10.20",
        "Svarade På webben",
        "Språk svenska, original",
        "Frågorna gäller just nu",
        "Version 1",
        f"Kvitto {receipt}",
        "Karin Lind",
        "1. Hur trött är du? 0 = Inte trött, 10 = Helt slut 0 av 10",
        "2. Hur ont har du? 0 = Ingen smärta, 100 = Värsta tänkbara smärta 71 av 100",
        "3. Vem hjälper dig hemma? Någon annan: min granne",
        "Käpp, Annat: sparkstötting",
        "5. Hur många gånger har du gått ut i veckan? Jag vill inte svara",
        "66,5 kg",
        "2 november 2026",
        "mars 2026",
        "1999",
        "klockan 22.30",
        "11. Hjälper det tillräckligt? Inte besvarad",
        "Jag orkar mer nu <b>än</b> förra veckan",
        "Hjälp med: smärta och trötthet",
        "Hjälpen behövs den här veckan.",
        "Vill bli kontaktad.",
        "Ring efter tre.",
        "Smärta som poäng 71 av 100 Högre betyder mer besvär.",
        "Formulär every-kind, version 1.",
    )


def test_the_four_states_are_told_apart_and_0_is_an_answer(astrid: Human, db: Session, clinic: make.Clinic) -> None:
    found = sent_form(db, clinic, EVERY_KIND, {"tired": 0, "pain": 10, "walks": DECLINED})
    text = words(printed(astrid, found))
    assert "Besvarade: 2, Jag vill inte svara: 1, Inte besvarade: 8, Inte ställda, de står sist: 1" in text
    assert "Hur trött är du? 0 = Inte trött, 10 = Helt slut 0 av 10" in text
    assert "gått ut i veckan? Jag vill inte svara" in text
    assert "När slutade du röka? Inte besvarad" in text
    in_order(
        text,
        "Frågor som inte ställdes",
        "Ställs bara om du svarade 70 eller mer på fråga 2 eller du svarade ”Någon annan” på fråga 3.",
        "11. Hjälper det tillräckligt?",
    )
    assert text.count("Hjälper det tillräckligt?") == 1


def test_questions_that_belong_together_stand_under_their_heading(astrid: Human, grouped: UUID) -> None:
    text = words(printed(astrid, grouped))
    in_order(
        text,
        "Hur ont har du just nu, på de här ställena? 0 = Lätt, 10 = Värst",
        "2. Ryggen 2 av 10",
        "3. Huvudet Jag vill inte svara",
        "4. Benen Inte besvarad",
        "5. Tar du läkemedel mot smärta? Ja",
        "Läkemedel mot smärta, nummer 1",
        "6. Vad heter läkemedlet? Alvedon",
        "Läkemedel mot smärta, nummer 2",
        "6.2. Vad heter läkemedlet? Ipren",
        "8.2. Hur många tabletter om dagen? 3 tabletter",
        "Sömnen i natt",
        "9. Hur många timmar sov du? 7",
        "Frågor som inte ställdes",
        "Ställs bara om du svarade ”Varje dag” på fråga 7. 8. Hur många tabletter om dagen?",
        "Ställs bara om du svarade ”Dåligt” på fråga 10. 11. Vad väckte dig?",
    )
    assert "Smärtbörda Kan inte räknas, för få svar" in text


def test_a_score_that_nobody_verified_bears_its_mark(
    app: Flask, db: Session, clinic: make.Clinic, tmp_path: Path
) -> None:
    form = bound.BOUND.replace("source: nyckeln}", "source: nyckeln, allow_unverified: prov}")
    key = bound.KEY.replace("    verification: run\n", "    verification: unverified\n")
    library = Library.load(bound.content(tmp_path, form, key))
    content.publish(db, library, at=make.MONDAY)
    found = stories.sent(db, library, clinic, "astrid", {"first": 1, "second": "4"}, form="short").id
    db.commit()
    text = words(printed(Human(app, "astrid"), found))
    assert "Summa (inte kontrollerad mot källan) 4 av 6" in text


def test_of_a_group_that_was_not_shown_one_reason_is_given(astrid: Human, db: Session, clinic: make.Clinic) -> None:
    text = words(printed(astrid, sent_form(db, clinic, GROUPED, {"pain": 0, "taken": "no"})))
    in_order(
        text,
        "Ställs bara om du svarade 3 eller mer på fråga 1.",
        "2. Hur ont har du just nu, på de här ställena? Ryggen",
        "Ställs bara om du svarade ”Ja” på fråga 5.",
        "6. Vad heter läkemedlet?",
        "8. Hur många tabletter om dagen?",
    )
    assert text.count("Ställs bara om du svarade ”Ja” på fråga 5.") == 1
    assert "nummer 1" not in text


def test_it_is_in_the_language_that_was_answered_in(
    app: Flask, astrid: Human, db: Session, clinic: make.Clinic
) -> None:
    found = sent_form(db, clinic, EVERY_KIND, EVERY_ANSWER, lang="en")
    reader = printed(astrid, found)
    text = words(reader)
    assert reader.trailer["/Root"]["/Lang"] == "en"
    in_order(
        text, "Answers: Every kind", "Language English, translated, not tested", "1. How tired are you?", "0 of 10"
    )
    assert "I do not want to answer" in text and "Page 1 of 2" in text
    assert not re.search(r"Inte besvarad|Skickat|Poäng|Formulär", text)
    swedish = words(printed(Human(app, "karin"), found, sprak="sv"))
    in_order(swedish, "engelska, översatt, inte prövad. Frågorna står här på svenska.", "1. Hur trött är du?")


def test_words_in_a_language_that_the_rest_is_not_in_are_marked(app: Flask, db: Session, clinic: make.Clinic) -> None:
    text = EVERY_KIND.replace("en: translated", "fi: machine").replace(", en: ", ", fi: ")
    found = answers.sent(
        db, db.get_one(QuestionnaireResponse, sent_form(db, clinic, text, EVERY_ANSWER, lang="fi", comment="Moi"))
    )
    about = printed_response.whose(found, db.get_one(Patient, clinic.patient["astrid"]))
    with app.test_request_context():
        html = printed_response.response_document(
            found, about, stories.contact(db, clinic, "astrid"), spoken="fi", size="14", at=make.MONDAY
        )
    page = BeautifulSoup(html, "html.parser")
    assert page.html["lang"] == "sv"
    finnish = {words.get_text() for words in page.select('[lang="fi"]')}
    assert {"Every kind", "Somebody else: min granne", EVERY_ANSWER["words"].value, "Moi"} <= finnish
    assert not any("Jag vill inte svara" in words or "71 av 100" in words for words in finnish)
    assert "finska, maskinöversatt, inte granskad" in page.get_text()


def test_the_document_is_tagged_and_each_page_says_whose_it_is(astrid: Human, every: UUID) -> None:
    reader = printed(astrid, every)
    catalog = reader.trailer["/Root"]
    assert (catalog["/Lang"], reader.metadata.title) == ("sv", "Svar: Alla sorter")
    assert 'pdfuaid:part="1"' in catalog["/Metadata"].get_data().decode()
    found = [node["/S"] for node in nodes(catalog["/StructTreeRoot"])]
    assert {"/H1", "/H2", "/P", "/Table", "/TH", "/TD"} <= set(found)
    assert found.count("/H1") == 1
    for number, page in enumerate(reader.pages, 1):
        text = page.extract_text()
        assert "Astrid Ek, född 1968" in text
        assert "0980-319" in text and f"Sidan {number} av {len(reader.pages)}" in text
    assert astrid.response.headers["Content-Disposition"] == "attachment; filename=svar.pdf"
    assert astrid.response.headers["Cache-Control"] == "no-store"


def test_large_type_takes_more_pages(astrid: Human, every: UUID) -> None:
    assert len(printed(astrid, every, storlek="18").pages) > len(printed(astrid, every).pages)
    assert len(printed(astrid, every, storlek="7").pages) == len(printed(astrid, every).pages)


def test_an_answer_longer_than_a_page_is_there_to_its_end(astrid: Human, db: Session, clinic: make.Clinic) -> None:
    long = "Det här är en lång berättelse. " * 120 + "Slut."
    reader = printed(astrid, sent_form(db, clinic, EVERY_KIND, {"words": long}), storlek="18")
    text = words(reader)
    assert text.count("Det här är en lång") >= 119 and "Slut." in text
    assert len(reader.pages) <= 6  # over the whole width
