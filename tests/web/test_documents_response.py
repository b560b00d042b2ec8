"""A sent form as a PDF: what stands in it, in which language, who may have it, and what is logged."""

import re
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from pypdf import PdfReader
from sqlalchemy.orm import Session

from careplan.actions import content, responses
from careplan.domain.answers import DECLINED, Answer, answered
from careplan.library import Library, compile_questionnaire
from careplan.models import AuditEvent, Patient, Person, QuestionnaireResponse, Share
from careplan.queries import answers
from careplan.web import printed_response
from tests import make, stories
from tests.actions import forms
from tests.content import bound
from tests.content.every_kind import EVERY_KIND
from tests.content.grouped import GROUPED
from tests.people import Human
from tests.web.at_the_tablet import entered
from tests.web.test_documents_pdf import nodes
from tests.web.test_every_mode import Hasty

pytestmark = [pytest.mark.usefixtures("printed_once"), pytest.mark.xdist_group("pdf")]
EVERY_ANSWER: dict[str, Answer] = {
    "tired": answered(0),
    "pain": answered(71),
    "helper": answered("other", "min granne"),
    "aids": answered(("stick", "other"), "sparkstötting"),
    "walks": DECLINED,
    "weight": answered(66.5),
    "visit": answered("2026-11-02"),
    "began": answered("2026-03"),
    "smoked": answered("1999"),
    "bedtime": answered("22:30"),
    "words": answered("Jag orkar\nmer nu <b>än</b> förra veckan"),
}
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
ARRIVED = {"arrived_on-day": "13", "arrived_on-month": "11", "arrived_on-year": "2026"}


def printed(human: Human, response_id: UUID, **asked: str) -> PdfReader:
    human.get("documents.response", response_id=response_id, **asked)
    assert human.response.mimetype == "application/pdf"
    return PdfReader(BytesIO(human.response.get_data()))


def words(reader: PdfReader) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages))


def in_order(text: str, *parts: str) -> None:
    place = -1
    for part in parts:
        found = text.find(part, place + 1)
        assert found > place, f"{part!r} does not follow in {text!r}"
        place = found


def sent_form(
    db: Session,
    clinic: make.Clinic,
    text: str,
    given: dict[str, int | str | Answer],
    *,
    lang: str = "sv",
    who: str = "astrid",
    **sending: object,
) -> UUID:
    """Astrid's answers to a form that is made for the test, sent by her or by her daughter."""
    form, by = compile_questionnaire(text, "made.yaml"), clinic.actor[who]
    asked = forms.ask(db, forms.publish(db, form, text), clinic, form.id)
    draft = responses.start(db, asked, lang=lang, by=by, at=make.MONDAY)
    forms.fill(db, form, draft, given, by=by)
    made = forms.send(db, form, draft, by=by, sending=responses.Sending(**sending)).response
    found: UUID = made.id
    db.commit()
    return found


def receipt_of(db: Session, response_id: UUID) -> str:
    receipt = db.scalars(sa.select(QuestionnaireResponse.receipt).where(QuestionnaireResponse.id == response_id)).one()
    db.rollback()
    return receipt


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


def test_paper_says_who_keyed_it_in_and_what_could_not_be_read(
    app: Flask, karin: Human, db: Session, clinic: make.Clinic, library: Library
) -> None:
    asked = forms.ask(db, library, clinic, stories.FORM, who="aino").id
    db.commit()
    for reader in (karin, Human(app, "nils")):
        reader.get("staff.key_in", request_id=asked)
        reader.post("staff.key_in", {"svar-pain": "2", "svar-nausea": "illegible"} | ARRIVED, request_id=asked)
    found = db.scalars(sa.select(QuestionnaireResponse.id)).one()
    db.rollback()
    text = words(printed(karin, found))
    assert "På papper som kom 13 november 2026. Inmatat av " in text
    assert text.count("Oläsligt på papperet") == 1 and "Oläsliga på papperet: 1" in text
    assert "Besvarade: 1," in text


def test_a_form_answered_by_telephone_says_so(karin: Human, db: Session, clinic: make.Clinic, library: Library) -> None:
    asked = forms.ask(db, library, clinic, stories.FORM, who="aino").id
    db.commit()
    karin.get("staff.key_in", request_id=asked, satt="telefon")
    karin.post("staff.key_in", {"svar-pain": "2"}, request_id=asked, satt="telefon")
    found = db.scalars(sa.select(QuestionnaireResponse.id)).one()
    db.rollback()
    assert "Per telefon. Inmatat av Karin Lind." in words(printed(karin, found))


def test_a_form_answered_on_the_tablet_says_so(
    app: Flask, karin: Human, db: Session, clinic: make.Clinic, library: Library
) -> None:
    asked = forms.ask(db, library, clinic, stories.FORM).id
    db.commit()
    visitor = entered(app, karin, asked)
    Hasty(visitor).answer_pages(library.questionnaire(stories.FORM), asked, {"pain": answered(2)})
    found = db.scalars(sa.select(QuestionnaireResponse.id)).one()
    db.rollback()
    visitor.open(visitor.url("documents.response", response_id=found), endpoint="documents.response", expect={302, 303})
    assert "Svarade På mottagningens surfplatta" in words(printed(karin, found))


def test_it_says_who_helped(astrid: Human, db: Session, clinic: make.Clinic) -> None:
    found = sent_form(db, clinic, EVERY_KIND, {"tired": 3}, who="lina")
    assert "Lina Ek har hjälpt till." in words(printed(astrid, found))


def test_a_correction_and_what_it_corrects_say_so(
    astrid: Human, db: Session, clinic: make.Clinic, library: Library
) -> None:
    old = stories.sent(db, library, clinic, "astrid", {"pain": 2}).id
    db.commit()
    astrid.get("patient.response", response_id=old)
    astrid.post("patient.correct", response_id=old)
    draft_id = UUID(astrid.location.split("/")[-2])
    astrid.get("patient.answer", draft_id=draft_id, link_id="pain", fran="granska")
    astrid.post("patient.answer", {"answer": "3"}, draft_id=draft_id, link_id="pain", fran="granska")
    page = astrid.get("patient.review", draft_id=draft_id)
    version = page.find("input", attrs={"name": "version"})["value"]
    astrid.post("patient.review", {"version": version}, draft_id=draft_id)
    new = UUID(astrid.location.split("/")[-2])
    assert "Det här är de gamla svaren. De rättades 16 november 2026 klockan" in words(printed(astrid, old))
    text = words(printed(astrid, new))
    assert "Version 2, rättade svar. De förra skickades 16 november 2026 klockan 10.20." in text
    assert "de gamla svaren" not in text


def test_an_answer_given_again_says_from_when_it_is(
    astrid: Human, db: Session, clinic: make.Clinic, library: Library
) -> None:
    earlier = make.MONDAY - timedelta(days=1)
    stories.sent(
        db, library, clinic, "astrid", {"troubles": ("pain", "sleep"), "sleep": 6}, form="late-effects", at=earlier
    )
    draft = forms.begin(db, forms.ask(db, library, clinic, "needs"), by=clinic.actor["astrid"])
    draft_id = draft.id
    db.commit()
    page = astrid.get("patient.answer", draft_id=draft_id, link_id="sleep")
    button = page.select_one("section[aria-labelledby=tidigare] form")
    sent = {field["name"]: field.get("value", "") for field in button.select("[name]")}
    astrid.post("patient.answer", sent, draft_id=draft_id, link_id="sleep")
    page = astrid.get("patient.review", draft_id=draft_id)
    version = page.find("input", attrs={"name": "version"})["value"]
    astrid.post("patient.review", {"version": version}, draft_id=draft_id)
    text = words(printed(astrid, UUID(astrid.location.split("/")[-2])))
    assert text.count("bekräftat från 15 november 2026") == 1


def test_a_relative_has_it_who_may_read_the_answers_but_not_a_sensitive_one(
    app: Flask, db: Session, clinic: make.Clinic, library: Library
) -> None:
    form = library.questionnaire("intimacy")
    first = {form.questions[0].link_id: form.questions[0].options[0].value}
    plain = stories.sent(db, library, clinic, "astrid", {"pain": 2}).id
    private = stories.sent(db, library, clinic, "astrid", first, form=form.id).id
    share = db.scalars(sa.select(Share)).one()
    share.scopes = ["plan", "answers", "documents", "help"]
    db.commit()
    lina = Human(app, "lina")
    printed(lina, plain)
    lina.get("documents.response", response_id=private, expect=404)
    printed(Human(app, "astrid"), private)


def test_what_a_relative_says_of_themself_is_printed_for_them_and_the_nurse_alone(
    app: Flask, db: Session, clinic: make.Clinic, library: Library
) -> None:
    by, form = clinic.actor["lina"], library.questionnaire("relatives-needs")
    asked = responses.request(
        db,
        library,
        patient_id=clinic.patient["astrid"],
        unit_id=clinic.unit.id,
        questionnaire_id=form.id,
        respondent_id=by.person_id,
        opens_at=make.MONDAY,
        due_at=make.MONDAY + timedelta(days=3),
        closes_at=make.MONDAY + timedelta(days=6),
        by=clinic.actor["karin"],
        at=make.MONDAY,
    )
    draft = responses.start(db, asked, lang="sv", by=by, at=make.MONDAY)
    found = forms.send(db, form, draft, by=by).response.id
    db.commit()
    for who in ("lina", "karin"):
        text = words(printed(Human(app, who), found))
        assert "Lina Ek" in text and "närstående till Astrid Ek" in text
        assert "Det är inte patientens svar. Astrid Ek kan inte läsa dem." in text
    for who in ("astrid", "freja", "bo"):
        Human(app, who).get("documents.response", response_id=found, expect=404)


def test_nobody_elses_name_stands_in_it(
    astrid: Human, db: Session, clinic: make.Clinic, library: Library, every: UUID
) -> None:
    stories.sent(db, library, clinic, "bo", {"pain": 2})
    db.commit()
    text = words(printed(astrid, every))
    persons = db.scalars(sa.select(Person)).all()
    named = {person.name for person in persons if person.name in text}
    db.rollback()
    assert named == {"Astrid Ek", "Karin Lind", "Nils Berg"}


def test_it_is_logged_before_it_is_set(app: Flask, db: Session, clinic: make.Clinic, every: UUID, karin: Human) -> None:
    printed(karin, every)
    event = db.scalars(sa.select(AuditEvent).where(AuditEvent.action == "print-response")).one()
    assert (event.person_name, event.object_id, event.patient_id) == (
        "Karin Lind",
        str(every),
        clinic.patient["astrid"],
    )
    db.rollback()
    assert "Skrev ut skickade svar" in Human(app, "astrid").get("patient.access_log").text


def test_the_pages_of_a_response_lead_to_it(
    app: Flask, db: Session, clinic: make.Clinic, library: Library, karin: Human
) -> None:
    response = stories.sent(db, library, clinic, "astrid", {"pain": 2})
    response_id, task_id = response.id, stories.task_of(db, response).id
    db.commit()
    astrid = Human(app, "astrid")
    address = astrid.url("documents.response", response_id=response_id)
    assert astrid.get("patient.response", response_id=response_id).select(f'a[href="{address}"]')
    assert karin.get("staff.case", task_id=task_id).select(f'a[href^="{address}"]')
    assert karin.get("staff.patient", patient_id=clinic.patient["astrid"]).select(f'a[href="{address}"]')
