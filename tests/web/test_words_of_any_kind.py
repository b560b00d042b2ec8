"""What a nurse writes in a plan, however long and in whatever script: stored, shown, compared and printed right."""

import re
import unicodedata
from io import BytesIO

import pytest
from pypdf import PdfReader

from careplan.models import CarePlan, Patient
from tests.people import Human
from tests.web.revised import first_version, revise

LONG = " ".join(f"Mening {number} om hur du kan vila." for number in range(1, 4000))[:99_990] + " Slut."
NOTES = {
    "long": LONG,
    "emoji": "Bra jobbat 😀 ❤️ 👩‍⚕️",
    "right to left": "استرح بعد الغداء. اتصل بكارين.",
    "both ways": "Arabiska: استرح بعد الغداء, sedan svenska.",
    "markup": "<script>alert(1)</script> & {{ nurse.phone }} <b>fet</b> {% if %}",
    "lines": "Första raden.\r\nAndra raden.\r\n\r\nTredje.",
    "combining": "Zoe\u0301 och a\u030ar, \u200fتجربة\u200e",
}

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("printed_once")]


@pytest.fixture
def plan(db, library, clinic):
    return first_version(db, library, clinic)


def signed_with(human: Human, plan: CarePlan, note: str) -> None:
    """As a nurse does it: in the editor, and signed there."""
    page = human.get("staff.plan_edit", plan_id=plan.id)
    form = page.select_one("main form")
    sent = {
        each["name"]: each.get("value", "")
        for each in form.select("input[type=hidden]")
        if each["name"] != "csrf_token"
    }
    sent["shown"] = [each["value"] for each in form.select('input[name="shown"][checked]')]
    sent["treatments"] = [each["value"] for each in form.select('input[name="treatments"][checked]')]
    sent |= {"phase": "surgery", "greeting": note[:2000], "note-fatigue": note}
    human.post("staff.plan_sign", sent, plan_id=plan.id)


@pytest.mark.parametrize("kind", NOTES)
def test_a_note_is_stored_shown_and_compared_as_it_was_written(karin, astrid, plan, db, kind):
    note = NOTES[kind]
    signed_with(karin, plan, note)
    written = note.replace("\r\n", "\n").strip()
    chapter = astrid.get("patient.chapter", plan_id=plan.id, chapter_id="fatigue")
    own = chapter.select_one(".nhsuk-inset-text .app-own")
    assert own.get_text() == written
    assert own["dir"] == "auto"
    compared = astrid.get("patient.compare", plan_id=plan.id, fran=1, till=2)
    added = " ".join(each.get_text() for each in compared.select(".app-changes ins"))
    assert set(written.split()) <= set(added.split())


def printed(human: Human, plan: CarePlan, endpoint: str, **asked: str) -> PdfReader:
    human.get(endpoint, plan_id=plan.id, **asked)
    assert human.response.mimetype == "application/pdf", human.response.get_data(as_text=True)[:200]
    return PdfReader(BytesIO(human.response.get_data()))


@pytest.mark.parametrize("kind", NOTES)
@pytest.mark.parametrize("endpoint", ["documents.pdf", "documents.news"])
def test_a_note_is_printed(karin, plan, kind, endpoint):
    note = NOTES[kind]
    signed_with(karin, plan, note)
    asked = {"kapitel": "valda", "valt": "fatigue"} if endpoint == "documents.pdf" else {}
    reader = printed(karin, plan, endpoint, **asked)
    text = unicodedata.normalize("NFKC", " ".join(page.extract_text() for page in reader.pages))
    latin = re.findall(r"[A-Za-zÅÄÖåäö]{4,}", unicodedata.normalize("NFC", note))
    squeezed = re.sub(r"\s+", "", text)
    assert all(word in squeezed for word in set(latin) - {"Zoé"})
    fonts = {
        str(font.get_object()["/BaseFont"])
        for page in reader.pages
        for font in page["/Resources"]["/Font"].get_object().values()
    }
    if kind == "emoji":
        assert any("Emoji" in font for font in fonts)
    if "استرح" in note:
        assert any("Arabic" in font for font in fonts)
    if kind == "long":
        assert "Slut." in text and 20 < len(reader.pages) <= 150


def test_a_note_that_is_longer_still_is_refused_and_kept_on_the_page(karin, plan):
    page = karin.get("staff.plan_edit", plan_id=plan.id)
    version = page.select_one('input[name="version"]')["value"]
    page = karin.post(
        "staff.plan_edit", {"version": version, "note-fatigue": "x" * 100_001}, plan_id=plan.id, expect=422
    )
    assert "100 000 tecken" in page.text
    assert len(page.select_one("#note-fatigue").get_text().strip()) == 100_001


@pytest.mark.parametrize("name", ["D'Arcy", "O’Brien", "Åsa-Lena", "علي", "<b>Bo</b>", "Nguyễn"])
def test_a_name_is_shown_and_printed_as_it_is_written(human, app, plan, db, library, clinic, name):
    db.get_one(Patient, clinic.patient["astrid"]).person.given_name = name
    db.commit()
    revise(db, library, clinic, plan, greeting=f"Hej {name}.")
    karin = human(app, "karin")
    assert karin.get("staff.plan_versions", plan_id=plan.id).heading == f"Versioner av planen för {name} Ek"
    assert f"Hej {name}." in human(app, "astrid").get("patient.plan").text
    reader = printed(karin, plan, "documents.news")
    first = unicodedata.normalize("NFKC", reader.pages[0].extract_text())
    if name.isascii():
        assert name in first
