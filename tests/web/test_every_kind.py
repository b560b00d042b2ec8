"""Each kind of answer on its whole way: asked, refused, saved, looked through, sent, read, corrected and keyed in."""

from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.domain.answers import Answer, answered
from careplan.library import Library
from careplan.models import DraftAnswer, QuestionnaireResponse, ResponseAnswer
from tests import make, stories
from tests.actions import forms
from tests.content.every_kind import EVERY_KIND, every_kind
from tests.pages import Page, words
from tests.people import Human
from tests.web.test_patient_correct import opened, send

pytestmark = pytest.mark.slow

FORM = "every-kind"
SAID = {
    "pain": 37,
    "helper": answered("other", "Min granne"),
    "aids": answered(("stick", "other"), "En vagn"),
    "began": "2026-03",
    "smoked": "1987",
    "bedtime": "22:30",
}


@pytest.fixture
def published(db: Session) -> Library:
    made = forms.publish(db, every_kind(), EVERY_KIND)
    db.commit()
    return made


@pytest.fixture
def draft(db: Session, clinic: make.Clinic, published: Library) -> UUID:
    begun = forms.begin(db, forms.ask(db, published, clinic, FORM), by=clinic.actor["astrid"])
    db.commit()
    return begun.id


@pytest.fixture
def sent(db: Session, clinic: make.Clinic, published: Library):
    def send(answers: dict[str, int | str | Answer], **more: object) -> UUID:
        response = stories.sent(db, published, clinic, "astrid", answers, form=FORM, **more)
        db.commit()
        return response.id

    return send


def saved(db: Session, draft_id: UUID) -> dict[str, object]:
    rows = db.execute(sa.select(DraftAnswer.link_id, DraftAnswer.value).where(DraftAnswer.draft_id == draft_id)).all()
    db.rollback()
    return dict(rows)


def shown(page: Page) -> set[str]:
    """What stands in the controls of the page: chosen and written values by their names."""
    controls = page.select("input[checked], input[type=text][value]")
    return {f"{tag['name']}={tag['value']}" for tag in controls}


def answer(human: Human, draft_id: UUID, link_id: str, sent: dict[str, object], expect: int = 303) -> Page:
    human.get("patient.answer", draft_id=draft_id, link_id=link_id)
    return human.post("patient.answer", sent, draft_id=draft_id, link_id=link_id, expect=expect)


def date(year: str = "", month: str = "", day: str = "") -> dict[str, str]:
    return {"answer-year": year, "answer-month": month, "answer-day": day}


@pytest.mark.parametrize(
    ("link_id", "given", "value", "again", "said"),
    [
        ("pain", {"answer": "37"}, 37, {"answer=37"}, "37 av 100"),
        ("pain", {"answer": "0"}, 0, {"answer=0"}, "0 av 100"),
        ("pain", {"answer": ["", "declined"]}, None, {"answer=declined"}, "Jag vill inte svara"),
        ("bedtime", {"answer": "7.30"}, "07:30", {"answer=07:30"}, "klockan 7.30"),
        ("bedtime", {"answer": "0730"}, "07:30", {"answer=07:30"}, "klockan 7.30"),
        ("began", date("2026", "3"), "2026-03", {"answer-year=2026", "answer-month=03"}, "mars 2026"),
        ("smoked", date("1987"), "1987", {"answer-year=1987"}, "1987"),
        (
            "helper",
            {"answer": "other", "answer-words": "Min granne"},
            {"codes": "other", "words": "Min granne"},
            {"answer=other", "answer-words=Min granne"},
            "Någon annan: Min granne",
        ),
        (
            "helper",
            {"answer-words": "Min <b>granne</b>"},
            {"codes": "other", "words": "Min <b>granne</b>"},
            {"answer=other", "answer-words=Min <b>granne</b>"},
            "Någon annan: Min <b>granne</b>",
        ),
        ("helper", {"answer": "other", "answer-words": ""}, "other", {"answer=other"}, "Någon annan"),
        (
            "aids",
            {"answer": "stick", "answer-words": "En vagn"},
            {"codes": ["stick", "other"], "words": "En vagn"},
            {"answer=stick", "answer=other", "answer-words=En vagn"},
            "Käpp, Annat: En vagn",
        ),
    ],
)
def test_an_answer_is_saved_shown_again_and_said_in_words(astrid, db, draft, link_id, given, value, again, said):
    assert shown(astrid.get("patient.answer", draft_id=draft, link_id=link_id)) == set()
    answer(astrid, draft, link_id, given)
    assert saved(db, draft) == {link_id: value}
    assert shown(astrid.get("patient.answer", draft_id=draft, link_id=link_id)) == again
    rows = astrid.get("patient.review", draft_id=draft).select(".nhsuk-summary-list__value")
    assert said in [words(row) for row in rows]


@pytest.mark.parametrize(
    ("link_id", "given", "kept", "sentence"),
    [
        ("pain", {}, set(), "Skriv ett svar, eller välj Jag vill inte svara."),
        ("pain", {"answer": "101"}, {"answer=101"}, "Välj ett tal från 0 till 100."),
        ("pain", {"answer": "37,5"}, {"answer=37,5"}, "Skriv ett helt tal med siffror."),
        ("pain", {"answer": "NaN"}, {"answer=NaN"}, "Skriv ett helt tal med siffror."),
        ("bedtime", {"answer": "24:00"}, {"answer=24:00"}, "Skriv ett klockslag som finns, till exempel 7.30"),
        ("bedtime", {"answer": "25.10"}, {"answer=25.10"}, "Skriv ett klockslag som finns, till exempel 7.30"),
        (
            "visit",
            date("2026", "2", "31"),
            {"answer-year=2026", "answer-month=02", "answer-day=31"},
            "Skriv ett datum som finns",
        ),
        ("visit", date("2026", "3"), {"answer-year=2026", "answer-month=03"}, "Skriv både dag, månad och år."),
        ("visit", date("", "3", "2"), {"answer-month=03", "answer-day=02"}, "Skriv både dag, månad och år."),
        ("began", date("2026"), {"answer-year=2026"}, "Skriv minst månad och år."),
        ("smoked", date("1987", "", "3"), {"answer-year=1987", "answer-day=03"}, "Skriv minst året."),
        ("smoked", date("87"), {"answer-year=87"}, "Skriv ett datum som finns"),
        (
            "helper",
            {"answer": "partner", "answer-words": "Min granne"},
            {"answer=partner", "answer-words=Min granne"},
            "Du har skrivit egna ord. Välj ”Någon annan”, eller ta bort orden.",
        ),
        (
            "helper",
            {"answer": "other", "answer-words": "x" * 201},
            {"answer=other", f"answer-words={'x' * 201}"},
            "Skriv högst 200 tecken.",
        ),
        (
            "aids",
            {"answer": "none", "answer-words": "En vagn"},
            {"answer=none", "answer-words=En vagn"},
            "Du har skrivit egna ord. Välj ”Annat”, eller ta bort orden.",
        ),
        (
            "aids",
            {"answer": ["stick", "none"]},
            {"answer=stick", "answer=none"},
            "Välj antingen det sista svaret eller något av de andra.",
        ),
    ],
)
def test_what_cannot_be_meant_is_one_sentence_and_stays_on_the_page(astrid, db, draft, link_id, given, kept, sentence):
    answer(astrid, draft, "tired", {"answer": "3"})
    page = answer(astrid, draft, link_id, given, expect=422)
    assert sentence in page.text
    assert shown(page) == kept
    assert page.select_one('.nhsuk-error-summary a[href="#answer"]') and page.select_one("#answer")
    assert saved(db, draft) == {"tired": 3}


def test_a_line_has_its_words_at_both_ends_and_nothing_marked(astrid, draft):
    page = astrid.get("patient.answer", draft_id=draft, link_id="pain")
    ends = page.select_one(".app-vas__ends")
    assert words(ends) == "0 = Ingen smärta 100 = Värsta tänkbara smärta"
    field = page.select_one("#answer")
    assert (field["type"], field["inputmode"], field.get("value")) == ("text", "numeric", None)
    assert page.find("label", {"for": "answer"}).text == "Tal från 0 till 100"
    assert not page.select("input[type=range]"), "the slider comes with the script"
    assert [tag["src"].rsplit("/", 1)[1][:4] for tag in page.select("script")] == ["vas."]
    assert "märke" not in page.text, "nothing is said that needs the script"


def test_what_may_be_left_out_of_a_date_is_said(astrid, draft):
    said = {
        link_id: astrid.get("patient.answer", draft_id=draft, link_id=link_id).text
        for link_id in ("visit", "began", "smoked")
    }
    assert "Lämna" not in said["visit"]
    assert "Vet du inte dagen? Lämna den tom." in said["began"]
    assert "Vet du bara året? Lämna dag och månad tomma." in said["smoked"]


def test_own_words_open_the_questions_that_their_option_opens(astrid, draft):
    answer(astrid, draft, "helper", {"answer-words": "Min granne"})
    assert astrid.get("patient.answer", draft_id=draft, link_id="more").heading == "Hjälper det tillräckligt?"


def test_a_mark_far_out_on_the_line_shows_whom_to_ring(astrid, draft):
    answer(astrid, draft, "pain", {"answer": "80"})
    assert astrid.location.split("?")[0].endswith("/ring")
    assert "80 av 100" in astrid.follow(astrid.response).text


def test_two_answers_with_other_words_stand_beside_each_other(astrid, db, draft):
    page = astrid.get("patient.answer", draft_id=draft, link_id="helper")
    seen = page.select_one("input[name=seen]")["value"]
    answer(astrid, draft, "helper", {"answer": "other", "answer-words": "Min granne"})
    late = {"answer": "other", "answer-words": "Min syster", "seen": seen}
    page = astrid.post("patient.answer", late, draft_id=draft, link_id="helper", expect=409)
    assert "Sparat: Någon annan: Min granne" in page.text and "inte sparat: Någon annan: Min syster" in page.text
    assert shown(page) == {"answer=other", "answer-words=Min syster"}
    assert saved(db, draft) == {"helper": {"codes": "other", "words": "Min granne"}}


def test_the_same_as_last_time_keeps_own_words(astrid, db, clinic, published, sent):
    sent({"helper": answered("other", "Min granne")}, at=make.MONDAY - timedelta(days=7))
    begun = forms.begin(db, forms.ask(db, published, clinic, FORM), by=clinic.actor["astrid"])
    db.commit()
    page = astrid.get("patient.answer", draft_id=begun.id, link_id="helper")
    offer = page.select_one("section[aria-labelledby=tidigare]")
    assert "Någon annan: Min granne" in offer.text
    confirmed = {each["name"]: each["value"] for each in offer.select("input") if each["name"] != "csrf_token"}
    astrid.post("patient.answer", confirmed, draft_id=begun.id, link_id="helper")
    assert saved(db, begun.id) == {"helper": {"codes": "other", "words": "Min granne"}}


def test_what_was_sent_is_read_as_it_was_given(astrid, karin, db, sent):
    response_id = sent(SAID)
    said = {"37 av 100", "Någon annan: Min granne", "Käpp, Annat: En vagn", "mars 2026", "1987", "klockan 22.30"}
    text = astrid.get("patient.response", response_id=response_id).text
    assert [each for each in said if each not in text] == []
    task_id = stories.task_of(db, db.get_one(QuestionnaireResponse, response_id)).id
    db.rollback()
    text = karin.get("staff.case", task_id=task_id).text
    assert [each for each in said if each not in text] == []


def test_a_trend_is_drawn_from_0_to_100(astrid, sent):
    sent({"pain": 20}, at=make.MONDAY - timedelta(days=14))
    sent({"pain": 60}, at=make.MONDAY - timedelta(days=1))
    page = astrid.get("patient.trends")
    assert "Från 20 till 60." in page.text and "Mer besvär" in page.text
    assert "100 = värsta tänkbara smärta" in page.text


def test_other_words_alone_are_a_correction(astrid, karin, db, sent):
    response_id = sent(SAID)
    draft_id = opened(astrid, response_id)
    page = astrid.get("patient.answer", draft_id=draft_id, link_id="helper", fran="granska")
    assert shown(page) == {"answer=other", "answer-words=Min granne"}
    corrected = {"answer": "other", "answer-words": "Min syster"}
    astrid.post("patient.answer", corrected, draft_id=draft_id, link_id="helper", fran="granska")
    review = astrid.get("patient.review", draft_id=draft_id)
    assert "Någon annan: Min syster. Du skickade: Någon annan: Min granne." in review.text
    send(astrid, draft_id)
    new_id = UUID(astrid.location.split("/")[-2])
    rows = db.execute(sa.select(ResponseAnswer.link_id, ResponseAnswer.value).filter_by(response_id=new_id)).all()
    assert dict(rows)["helper"] == {"codes": "other", "words": "Min syster"}
    task_id = stories.task_of(db, db.get_one(QuestionnaireResponse, new_id)).id
    db.rollback()
    assert (
        "från ”Någon annan: Min granne” till ”Någon annan: Min syster”" in karin.get("staff.case", task_id=task_id).text
    )


ARRIVED = {"arrived_on-day": "13", "arrived_on-month": "11", "arrived_on-year": "2026"}
ON_PAPER = {
    "svar-pain": "85",
    "svar-helper": "other",
    "svar-helper-words": "Min granne",
    "svar-aids": "stick",
    "svar-aids-words": "En vagn",
    "svar-began-month": "3",
    "svar-began-year": "2026",
    "svar-bedtime": "22.30",
} | ARRIVED


@pytest.fixture
def paper(db: Session, clinic: make.Clinic, published: Library) -> UUID:
    asked = forms.ask(db, published, clinic, FORM, who="aino")
    db.commit()
    return asked.id


def test_a_paper_with_every_kind_is_keyed_in_and_two_may_spell_own_words_differently(db, karin, nils, paper):
    page = karin.get("staff.key_in", request_id=paper)
    assert "Mät strecket från linjens början: 1 millimeter är 1." in page.text
    assert "Det som inte står på papperet lämnas tomt." in page.text
    assert not [each for each in shown(page) if not each.startswith("arrived_on")]
    karin.post("staff.key_in", ON_PAPER, request_id=paper)
    nils.get("staff.key_in", request_id=paper)
    nils.post("staff.key_in", {"svar-pain": "85"}, request_id=paper)
    [response] = db.scalars(sa.select(QuestionnaireResponse)).all()
    values = {row.link_id: row.value for row in response.answers if row.value is not None}
    assert values == {
        "pain": 85,
        "helper": {"codes": "other", "words": "Min granne"},
        "aids": {"codes": ["stick", "other"], "words": "En vagn"},
        "began": "2026-03",
        "bedtime": "22:30",
    }


@pytest.mark.parametrize(
    ("wrong", "kept", "sentence"),
    [
        ({"svar-pain": "137"}, {"svar-pain=137"}, "Fråga 2. Välj ett tal från 0 till 100."),
        ({"svar-bedtime": "24.00"}, {"svar-bedtime=24.00"}, "Fråga 10. Skriv ett klockslag som finns"),
        (
            {"svar-helper": "partner", "svar-helper-words": "Min granne"},
            {"svar-helper=partner", "svar-helper-words=Min granne"},
            "Fråga 3. Du har skrivit egna ord.",
        ),
        (
            {"svar-helper": "illegible", "svar-helper-words": "Min gr"},
            {"svar-helper=illegible", "svar-helper-words=Min gr"},
            "Fråga 3. Välj antingen Oläsligt eller ett svar.",
        ),
        ({"svar-began-year": "2026"}, {"svar-began-year=2026"}, "Fråga 8. Skriv minst månad och år."),
    ],
)
def test_a_slip_of_the_one_who_keys_in_is_named_by_its_question(db, karin, paper, wrong, kept, sentence):
    karin.get("staff.key_in", request_id=paper)
    page = karin.post("staff.key_in", wrong | ARRIVED, request_id=paper, expect=422)
    assert sentence in page.text
    assert kept <= shown(page)
    assert db.scalars(sa.select(QuestionnaireResponse)).all() == []
