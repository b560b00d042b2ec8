"""A chapter that is missing in the plan's language is shown in Swedish, and says so, on the screen and on paper."""

from dataclasses import replace
from io import BytesIO

import pytest
from flask import Flask
from pypdf import PdfReader

from careplan.actions import plans
from careplan.library import Library
from careplan.models import CarePlan, Patient
from tests import stories
from tests.make import MONDAY
from tests.pages import words
from tests.people import Human
from tests.web.revised import TEMPLATE

MISSING = "fatigue"


@pytest.fixture
def mixed(app: Flask, library: Library):
    """The library without the English text of one chapter."""
    english = library.plan(TEMPLATE, "en")
    swedish = library.plan(TEMPLATE, "sv").chapter(MISSING)
    without = replace(english, chapters={**english.chapters, MISSING: swedish})
    kept = app.extensions["library"]
    app.extensions["library"] = replace(library, plans={**library.plans, (TEMPLATE, "en"): without})
    yield app.extensions["library"]
    app.extensions["library"] = kept


@pytest.fixture
def plan(db, mixed, clinic) -> CarePlan:
    """Astrid reads English; her plan is in English but for one chapter."""
    patient = db.get_one(Patient, clinic.patient["astrid"])
    patient.person.language = "en"
    by = clinic.actor["karin"]
    made = plans.draft(db, mixed, patient, TEMPLATE, lang="en", treatments=(), by=by, at=MONDAY)
    plans.sign(db, mixed, made, contact=stories.contact(db, clinic, "astrid"), by=by, at=MONDAY)
    db.commit()
    db.close()
    return made


def test_its_page_says_so_in_the_language_of_the_page_and_marks_its_words(astrid, plan, library):
    page = astrid.get("patient.chapter", plan_id=plan.id, chapter_id=MISSING)
    assert page.html["lang"] == "en"
    assert "This text is only available in Swedish." in page.text
    assert (page.h1["lang"], page.h1["dir"]) == ("sv", "ltr")
    assert page.heading == library.plan(TEMPLATE, "sv").chapter(MISSING).title
    texts = page.select("article .app-text")
    assert texts and all(each.find_parent(lang="sv") or each.get("lang") == "sv" for each in texts)
    other = astrid.get("patient.chapter", plan_id=plan.id, chapter_id="sleep")
    assert "only available in Swedish" not in other.text and other.select("article [lang]") == []


def test_the_plan_says_so_in_its_list(astrid, plan, library):
    page = astrid.get("patient.plan")
    title = library.plan(TEMPLATE, "sv").chapter(MISSING).title
    line = next(each for each in page.select("li") if each.a and words(each.a) == title)
    assert words(line) == f"{title} Only in Swedish." and line.a["lang"] == "sv"
    assert page.text.count("Only in Swedish.") == 1


def test_the_nurses_preview_says_so_in_swedish(karin, plan):
    page = karin.get("staff.plan_preview", plan_id=plan.id, kapitel=MISSING)
    assert "Den här texten finns bara på svenska." in page.text


@pytest.mark.slow
@pytest.mark.usefixtures("printed_once")
def test_paper_says_so_in_the_language_of_the_plan(app, plan):
    astrid = Human(app, "astrid")
    astrid.get("documents.pdf", plan_id=plan.id, kapitel="valda", valt=[MISSING, "sleep"])
    reader = PdfReader(BytesIO(astrid.response.get_data()))
    text = " ".join(" ".join(page.extract_text().split()) for page in reader.pages)
    assert text.count("This text is only available in Swedish.") == 1
