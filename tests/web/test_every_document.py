"""Every kind of document that is printed, in both sizes: what each page says, its tags, and that grey loses nothing."""

import re
from io import BytesIO

import pytest
import sqlalchemy as sa
from pypdf import PdfReader
from pypdf.generic import ContentStream

from careplan.actions import plans, tasks, treatment_summaries
from careplan.domain.treatment_summary import PARTS
from careplan.models import CarePlan, Letter
from careplan.web.printed_links import code
from tests import make, stories
from tests.actions import forms
from tests.web.test_documents_pdf import edited_plan, with_a_story
from tests.web.test_staff_letters import keyed

pytestmark = [pytest.mark.usefixtures("printed_once"), pytest.mark.slow]

WHOLE = {"del": ["sammanfattning", "rehabilitering", "kurvor", "stod"], "kapitel": "alla"}
PRINTED = {
    "whole": ("documents.pdf", "plan", WHOLE),
    "chosen": ("documents.pdf", "plan", {"kapitel": "valda", "valt": "nausea"}),
    "summary": ("documents.pdf", "plan", {"del": "sammanfattning"}),
    "rehabilitation": ("documents.pdf", "plan", {"del": "rehabilitering"}),
    "curves": ("documents.pdf", "plan", {"del": "kurvor"}),
    "resources": ("documents.pdf", "plan", {"del": "stod"}),
    "news": ("documents.news", "plan", {}),
    "treatment-summary": ("documents.treatment_summary", "plan", {}),
    "answers": ("documents.response", "response", {}),
    "blank-form": ("staff.paper_form", "request", {}),
    "letter": ("documents.letter", "letter", {}),
}


@pytest.fixture
def things(db, library, clinic):
    """The ids of what is printed, all of them Aino's."""
    made = edited_plan(db, library, clinic, "aino")
    with_a_story(db, library, clinic, made, "aino")
    plan, by = db.get_one(CarePlan, made.id), clinic.actor["karin"]
    plan.greeting = "Hej igen, nu har jag ändrat lite."
    plans.sign(db, library, plan, contact=stories.contact(db, clinic, "aino"), by=by, at=make.MONDAY)
    treatment_summaries.save(db, plan, dict.fromkeys(PARTS, "Det är sagt."), by=by, at=make.MONDAY)
    contact = stories.contact(db, clinic, "aino")
    treatment_summaries.sign(db, plan, title="Bröstcancer", contact=contact, by=by, at=make.MONDAY)
    task = keyed(db, library, clinic, "paper")
    tasks.complete(db, task, outcome="called", next_step="Karin ringer.", by=by, at=make.MONDAY)
    asked = forms.ask(db, library, clinic, "needs", who="aino")
    letter_id = db.scalars(sa.select(Letter.id)).one()
    made_of = {"response_id": task.response_id}, {"request_id": asked.id}, {"letter_id": letter_id}
    db.commit()
    return dict(zip(("response", "request", "letter"), made_of, strict=True)) | {"plan": {"plan_id": made.id}}


@pytest.fixture
def printed(karin, things):
    """`printed("letter", "18")`: the document as Karin gets it."""

    def fetch(kind, size):
        endpoint, thing, asked = PRINTED[kind]
        if endpoint == "documents.letter":
            karin.get("staff.letters")
            karin.post(endpoint, {"storlek": size}, expect=200, **things[thing])
        else:
            karin.get(endpoint, **things[thing], **asked, storlek=size)
        assert karin.response.mimetype == "application/pdf"
        return PdfReader(BytesIO(karin.response.get_data()))

    return fetch


def words(page):
    return re.sub(r"\s+", " ", page.extract_text())


@pytest.mark.parametrize("size", ["14", "18"])
@pytest.mark.parametrize("kind", PRINTED)
def test_each_page_says_whose_it_is_whom_to_ring_from_when_and_which_page_of_how_many(printed, kind, size):
    reader = printed(kind, size)
    for number, page in enumerate(reader.pages, 1):
        said = words(page)
        assert "Aino Virtanen" in said
        assert "Karin Lind 0980-319 210" in said and "Fara för livet 112" in said
        assert re.search(r"\b(version \S+, )?\d{1,2} november 2026", said), said[:200]
        assert f"Sidan {number} av {len(reader.pages)}" in said
    first = words(reader.pages[0])
    assert "1177" in first and "112" in first and "0980-319 210" in first


@pytest.mark.parametrize("kind", PRINTED)
def test_each_is_tagged_titled_and_in_its_language(printed, kind):
    reader = printed(kind, "14")
    catalog = reader.trailer["/Root"]
    assert catalog["/Lang"] in ("sv", "fi") and catalog["/MarkInfo"]["/Marked"]
    assert catalog["/ViewerPreferences"]["/DisplayDocTitle"] and reader.metadata.title
    assert 'pdfuaid:part="1"' in catalog["/Metadata"].get_data().decode()


@pytest.mark.parametrize("kind", PRINTED)
def test_in_grey_every_word_is_dark_enough_to_read(printed, kind):
    """Nothing is said by colour alone, so it is enough that each word stands out from white when colours are gone."""
    for page in printed(kind, "14").pages:
        for text, colour in set(said_in(page)):
            assert contrast_to_white(colour) >= 4.5, (text, colour)


def said_in(page):
    """Each piece of text with the colour that it is filled with."""
    colour = (0.0, 0.0, 0.0)
    kept = []
    for operands, operator in ContentStream(page.get_contents(), page.pdf).operations:
        match operator:
            case b"q":
                kept.append(colour)
            case b"Q":
                colour = kept.pop()
            case b"rg":
                colour = tuple(float(part) for part in operands)
            case b"g":
                colour = (float(operands[0]),) * 3
            case b"Tj" | b"TJ":
                yield str(operands), colour


def contrast_to_white(colour):
    """As WCAG 2 measures it."""
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in colour]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return 1.05 / (luminance + 0.05)


def test_whole_and_in_parts_it_is_the_same_plan(printed):
    whole = " ".join(words(page) for page in printed("whole", "14").pages)
    for kind, said in (
        ("summary", "Var i vården du är"),
        ("rehabilitation", "Jag vill orka gå till affären"),
        ("curves", "Så har du mått"),
        ("resources", "020-59 59 59"),
        ("chosen", "Skriv upp när det domnar."),
    ):
        assert said in " ".join(words(page) for page in printed(kind, "14").pages) and said in whole


def test_a_link_is_printed_as_its_address_with_a_code_that_names_it(printed):
    """The code is a picture with words; the address stands beside it for who types it."""
    reader = printed("resources", "14")
    said = " ".join(words(page) for page in reader.pages)
    assert "Läs mer på nätet" in said and "cancerfonden.se" in said and "https://" not in said
    alternatives = [node.get("/Alt", "") for node in figures(reader.trailer["/Root"]["/StructTreeRoot"])]
    assert "Kod som öppnar cancerfonden.se" in alternatives


def figures(node):
    node = node.get_object()
    if isinstance(node, dict):
        if node.get("/S") == "/Figure":
            yield node
        below = node.get("/K", [])
        for child in below if isinstance(below, list) else [below]:
            yield from figures(child)


def test_a_code_for_the_shortest_address_is_one_that_telephones_read():
    """A code of fewer than 21 squares a side is a micro code, which few of them know."""
    side = int(re.search(r'viewBox="0 0 (\d+)', code("https://x.se", "x"))[1])
    assert side >= 21 + 2 * 2
