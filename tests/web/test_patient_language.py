"""One language within a sitting: chosen before it starts, kept to the receipt, and marked where it is another."""

import re
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.config import ROOT
from careplan.domain.questionnaire import Questionnaire
from careplan.library import Library, compile_questionnaire
from careplan.models import Person, QuestionnaireRequest, QuestionnaireResponse
from careplan.web.printed_form import form_document
from tests import make, pseudo, stories
from tests.actions import forms
from tests.pages import Page
from tests.people import Human

TEXT = (ROOT / "content/questionnaires" / f"{stories.FORM}.yaml").read_text()
ANSWERS = {"breathlessness": "9", "pain": "4", "fever": "no"}


@pytest.fixture
def asked(db: Session, clinic: make.Clinic, library: Library) -> UUID:
    request = forms.ask(db, library, clinic, stories.FORM)
    db.commit()
    return request.id


@pytest.fixture
def strange_form() -> Questionnaire:
    """The same form in a third language, which the interface does not speak."""
    return compile_questionnaire(pseudo.form(TEXT), "strange.yaml")


@pytest.fixture
def strange(db: Session, clinic: make.Clinic, strange_form: Questionnaire) -> UUID:
    library = forms.publish(db, strange_form, pseudo.form(TEXT))
    request = forms.ask(db, library, clinic, stories.FORM)
    db.commit()
    return request.id


def speaks(db: Session, clinic: make.Clinic, who: str, language: str) -> None:
    db.execute(sa.update(Person).where(Person.id == clinic.actor[who].person_id).values(language=language))
    db.commit()


def begun(human: Human, request_id: UUID, **chosen: str) -> Page:
    """Choose a language, if any, and begin; the first question."""
    human.get("patient.start", request_id=request_id, **chosen)
    human.post("patient.start", chosen, request_id=request_id)
    return human.follow(human.response)


def draft_of(page: Page) -> str:
    """The draft whose question this is, from the address of the page that it came from."""
    return page.endpoint.split("/")[2]


def sitting(human: Human, request_id: UUID, **chosen: str) -> list[Page]:
    """Every kind of page from the first question to the receipt."""
    pages = [begun(human, request_id, **chosen)]
    draft = draft_of(pages[0])
    for link_id, value in ANSWERS.items():
        pages.append(human.get("patient.answer", draft_id=draft, link_id=link_id))
        human.post("patient.answer", {"answer": value}, draft_id=draft, link_id=link_id)
        if human.location.endswith("/ring"):
            pages.append(human.follow(human.response))
            human.post("patient.call_now", draft_id=draft, link_id=link_id)
    pages.append(human.get("patient.answer", draft_id=draft, link_id="nausea"))
    human.post("patient.answer", {}, draft_id=draft, link_id="nausea", expect=422)
    pages.append(human.page)
    pages.append(human.get("patient.review", draft_id=draft))
    version = human.page.find("input", {"name": "version"})["value"]
    human.post("patient.review", {"version": version, "wishes": "pain"}, draft_id=draft)
    pages.append(human.follow(human.response))
    pages.append(human.get("patient.answer", draft_id=draft, link_id="pain"))
    return pages


def spoken(page: Page) -> str:
    return str(page.html["lang"])


def response_in(db: Session) -> QuestionnaireResponse:
    found = db.scalars(sa.select(QuestionnaireResponse)).one()
    db.expunge_all()
    db.rollback()
    return found


def task_in(db: Session) -> UUID:
    task_id = stories.task_of(db, response_in(db)).id
    db.rollback()
    return task_id


def test_the_start_offers_the_languages_of_the_form_by_their_own_names(astrid, strange):
    page = astrid.get("patient.start", request_id=strange)
    [current] = page.select("main nav [aria-current]")
    assert (current.text, current["lang"]) == ("Svenska", "sv")
    offered = {link["hreflang"]: (link.text, link["lang"], link["dir"]) for link in page.select("main nav a")}
    assert offered == {"en": ("English", "en", "ltr"), "ug": ("ئۇيغۇرچە", "ug", "rtl")}


def test_a_form_in_one_language_offers_no_choice(astrid, db, clinic):
    text = re.sub(r"languages: .*", "languages: {sv: original, en: missing}", TEXT)
    library = forms.publish(db, compile_questionnaire(text, "form.yaml"), text)
    request = forms.ask(db, library, clinic, stories.FORM)
    db.commit()
    assert not astrid.get("patient.start", request_id=request.id).select("main nav")
    assert spoken(begun(astrid, request.id, sprak="en")) == "sv"


def test_a_chosen_language_is_that_of_every_page_and_of_the_response(astrid, db, asked):
    assert spoken(astrid.get("patient.start", request_id=asked)) == "sv"
    pages = sitting(astrid, asked, sprak="en")
    assert [spoken(page) for page in pages] == ["en"] * len(pages)
    assert pages[-2].heading == "Thank you. Your answers are sent."
    assert response_in(db).lang == "en"
    assert spoken(astrid.get("patient.home")) == "sv"


def test_without_a_choice_it_is_the_readers_own(astrid, db, clinic, asked):
    speaks(db, clinic, "astrid", "en")
    assert {spoken(page) for page in sitting(astrid, asked)} == {"en"}


def test_a_form_that_is_not_in_the_readers_language_says_so_before_it_starts(astrid, db, clinic):
    questionnaire, text = forms.form(3)
    library = forms.publish(db, questionnaire, text)
    request = forms.ask(db, library, clinic, questionnaire.id)
    db.commit()
    speaks(db, clinic, "astrid", "en")
    page = astrid.get("patient.start", request_id=request.id)
    assert (spoken(page), page.h1["lang"], page.h1["dir"]) == ("en", "sv", "ltr")
    assert spoken(begun(astrid, request.id)) == "sv"


def test_another_language_of_the_interface_does_not_change_what_is_begun(astrid, db, clinic, asked):
    first = begun(astrid, asked, sprak="en")
    astrid.get("account.settings")
    astrid.post("account.settings", {"language": "sv", "text_size": "normal"})
    again = astrid.get("patient.answer", draft_id=draft_of(first), link_id="breathlessness")
    assert (spoken(again), again.heading) == ("en", first.heading)
    start = astrid.get("patient.start", request_id=asked, sprak="sv")
    assert spoken(start) == "en" and "You are answering in English." in start.text
    assert not start.select("main nav")
    astrid.post("patient.start", {"sprak": "sv"}, request_id=asked)
    assert spoken(astrid.follow(astrid.response)) == "en"
    assert spoken(astrid.get("patient.home")) == "sv"


def test_it_is_kept_on_another_device(human, app, asked):
    first = begun(human(app, "astrid"), asked, sprak="en")
    other = human(app, "astrid")
    other.get("patient.start", request_id=asked)
    other.post("patient.start", request_id=asked)
    page = other.follow(other.response)
    assert (spoken(page), page.heading) == ("en", first.heading)


def test_a_relative_who_helps_chooses_the_language_and_it_is_kept_for_the_patient(lina, astrid, asked):
    first = begun(lina, asked, sprak="en")
    astrid.get("patient.start", request_id=asked)
    astrid.post("patient.start", request_id=asked)
    page = astrid.follow(astrid.response)
    assert (spoken(page), page.heading) == ("en", first.heading)


def test_a_correction_is_in_the_language_of_what_was_sent(astrid, db, asked):
    sitting(astrid, asked, sprak="en")
    sent = response_in(db).id
    astrid.get("patient.response", response_id=sent)
    astrid.post("patient.correct", response_id=sent)
    page = astrid.follow(astrid.response)
    assert spoken(page) == "en"


def test_a_language_that_the_interface_does_not_speak_is_marked_and_runs_its_own_way(astrid, db, strange, strange_form):
    pages = sitting(astrid, strange, sprak=pseudo.LANGUAGE)
    assert {(spoken(page), page.html["dir"]) for page in pages} == {("sv", "ltr")}
    assert response_in(db).lang == pseudo.LANGUAGE
    for page in pages:
        for part in page.find_all(string=pseudo.SPOKEN):
            # A title has no attributes of its own.
            around = part.find_parent(attrs={"lang": True})
            assert part.find_parent("title") or around["lang"] == pseudo.LANGUAGE, part
        plain = pseudo.SPOKEN.sub("", page.text)
        swedish = {item.text["sv"] for item in strange_form.items} | {item.short["sv"] for item in strange_form.items}
        assert not [text for text in swedish if len(text) > 8 and text in plain]
    question = pages[0].select_one("main form [lang]")
    assert (question["lang"], question["dir"]) == (pseudo.LANGUAGE, "rtl")
    assert question.select("fieldset") and not question.select("button")


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("machine", "Maskinöversatt, inte granskad."),
        ("translated", "Översättningen är inte prövad."),
        ("validated", ""),
        ("original", ""),
    ],
)
def test_how_the_wording_came_about_is_said_where_it_is_read(astrid, karin, db, clinic, status, said):
    text = pseudo.form(TEXT, status)
    library = forms.publish(db, compile_questionnaire(text, "form.yaml"), text)
    request_id = forms.ask(db, library, clinic, stories.FORM).id
    db.commit()
    start = astrid.get("patient.start", request_id=request_id, sprak=pseudo.LANGUAGE)
    question = begun(astrid, request_id, sprak=pseudo.LANGUAGE)
    key_in = karin.get("staff.key_in", request_id=request_id, sprak=pseudo.LANGUAGE)
    for page in (start, question, key_in):
        assert said in page.text
        assert said or not re.search("Maskinöversatt|Översättningen är", page.text)


def test_the_nurse_sees_in_which_language_it_was_answered(astrid, karin, db, strange):
    sitting(astrid, strange, sprak=pseudo.LANGUAGE)
    page = karin.get("staff.case", task_id=task_in(db))
    assert "Besvarat på uiguriska. Maskinöversatt, inte granskad." in page.text


def test_nothing_is_said_of_the_language_where_it_is_the_nurses_own(astrid, karin, db, asked):
    sitting(astrid, asked)
    assert "Besvarat på" not in karin.get("staff.case", task_id=task_in(db)).text


def test_staff_choose_the_language_that_is_read_aloud(karin, db, strange):
    page = karin.get("staff.key_in", request_id=strange, satt="telefon")
    [link] = [each for each in page.find_all("a") if "uiguriska" in each.text]
    page = karin.open(link["href"], endpoint="staff.key_in")
    [section, *_rest] = page.select("section[lang]")
    assert (section["lang"], section["dir"]) == (pseudo.LANGUAGE, "rtl")
    karin.send(link["href"], {"svar-pain": "2"})
    assert response_in(db).lang == pseudo.LANGUAGE


def test_editors_see_how_each_language_came_about(edith):
    page = edith.get("edit.questionnaire", questionnaire_id=stories.FORM)
    assert "Svenska: original" in page.text
    assert "Engelska: översatt, inte prövad" in page.text


def test_staff_print_a_form_in_another_language_than_the_patients(karin, db, clinic, asked):
    page = karin.get("staff.patient", patient_id=clinic.patient["astrid"])
    [link] = [each for each in page.find_all("a") if each.text == "på engelska"]
    assert link["href"].endswith(f"/papper/{asked}.pdf?sprak=en")


@pytest.mark.parametrize(("language", "around"), [("en", ("en", "ltr")), (pseudo.LANGUAGE, ("sv", "ltr"))])
def test_the_printed_form_says_how_its_wording_came_about(app, db, clinic, strange, strange_form, language, around):
    asked = db.get_one(QuestionnaireRequest, strange)
    with app.test_request_context():
        html = form_document(
            asked,
            asked.patient,
            strange_form,
            stories.contact(db, clinic, "astrid"),
            spoken=language,
            size="12",
            address="https://example.org/papper",
            at=make.MONDAY,
        )
    db.rollback()
    page = Page(html, status=200, endpoint="")
    assert (page.html["lang"], page.html["dir"]) == around
    said = {"en": "The translation is not tested.", pseudo.LANGUAGE: "Maskinöversatt, inte granskad."}[language]
    assert said in page.text
    sections = page.select("section.answers")
    if language == pseudo.LANGUAGE:
        assert (sections[0]["lang"], sections[0]["dir"], page.h1["dir"]) == (language, "rtl", "rtl")
    else:
        assert not sections[0].get("lang")


def test_the_words_around_a_question_are_marked_where_they_are_in_another_language_than_it(astrid, strange):
    question = begun(astrid, strange, sprak=pseudo.LANGUAGE)
    around = {part.text: (part["lang"], part["dir"]) for part in question.select("main form bdi")}
    assert around == dict.fromkeys(("Välj det tal som stämmer bäst.", "eller", "Jag vill inte svara"), ("sv", "ltr"))
