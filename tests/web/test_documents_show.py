"""Choosing what to print."""

import pytest

from careplan.actions import plans
from careplan.library.revisions import chapters_in
from careplan.models import Patient
from tests import make, stories
from tests.web.test_documents_pdf import edited_plan, without


def ticked(page, name):
    return [field["value"] for field in page.select(f'input[name="{name}"][checked]')]


@pytest.fixture
def plan(db, library, clinic):
    return edited_plan(db, library, clinic)


def test_a_patient_is_offered_the_parts_and_each_chapter_of_the_plan(astrid, plan):
    page = astrid.get("documents.show", plan_id=plan.id)
    assert page.heading == "Skriv ut min plan"
    titles = [chapter["title"] for chapter in chapters_in(plan.revisions[-1].content)]
    assert [label.get_text() for label in page.select('input[name="valt"] + label')] == titles
    assert ticked(page, "del") == ["sammanfattning"]
    assert ticked(page, "kapitel") == ["nu"]
    assert len(ticked(page, "valt")) == len(titles)
    assert ticked(page, "storlek") == ["14"]


def test_goals_and_curves_are_offered_when_there_are_any(astrid, db, library, clinic, plan):
    item = next(item.link_id for item in library.questionnaire(stories.FORM).questions if item.scale and item.wish)
    stories.sent(db, library, clinic, "astrid", {item: 4})
    db.commit()
    assert "kurvor" in ticked(astrid.get("documents.show", plan_id=plan.id), "del")


def test_who_reads_large_text_is_offered_large_print(astrid, plan):
    astrid.get("account.settings")
    astrid.post("account.settings", {"language": "sv", "text_size": "large"})
    assert ticked(astrid.get("documents.show", plan_id=plan.id), "storlek") == ["18"]


def test_the_nurse_prints_for_a_patient_who_wants_paper(karin, db, library, clinic):
    plan = edited_plan(db, library, clinic, "aino")
    page = karin.get("documents.show", plan_id=plan.id)
    assert page.heading == "Skriv ut planen för Aino Virtanen"
    assert "vill ha planen på papper" in page.text


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"kapitel": "inga"}, "Välj minst en sak att skriva ut."),
        ({"kapitel": "valda"}, "Välj minst en sak att skriva ut."),
        ({"kapitel": "valda", "valt": "no-such-chapter"}, "Planen har ändrats."),
        ({"del": "allt"}, "Planen har ändrats."),
        ({"del": "sammanfattning", "storlek": "200"}, "Det valet finns inte."),
        ({"del": "sammanfattning", "kapitel": "sju"}, "Det valet finns inte."),
    ],
)
def test_a_choice_that_cannot_be_printed_is_told_in_one_sentence(astrid, plan, asked, sentence):
    page = astrid.get("documents.pdf", plan_id=plan.id, expect=422, **asked)
    assert sentence in page.select_one(".nhsuk-error-summary").get_text()


def test_a_relative_who_may_print_but_not_read_the_plan_is_offered_no_chapters(lina, db, clinic, plan):
    without(db, "plan")
    page = lina.get("documents.show", plan_id=plan.id)
    assert not page.select('input[name="valt"]') and ticked(page, "del") == ["sammanfattning"]
    lina.get("documents.pdf", plan_id=plan.id, expect=422, kapitel="valda", valt="when-to-call")


def test_a_relative_without_the_right_to_print_gets_the_same_page_as_for_nothing(lina, db, plan):
    without(db, "documents")
    lina.get("documents.show", plan_id=plan.id, expect=404)


@pytest.mark.parametrize("username", ["bo", "lars", "mia", "edith", "olle", "freja"])
def test_nobody_else_comes_near_it(human, app, plan, username):
    visitor = human(app, username)
    visitor.get("documents.show", plan_id=plan.id, expect=404)
    visitor.get("documents.pdf", plan_id=plan.id, expect=404)


def test_a_plan_that_is_not_signed_has_nothing_to_print(karin, db, library, clinic):
    patient = db.get_one(Patient, clinic.patient["astrid"])
    draft = plans.draft(
        db, library, patient, "general", lang="sv", treatments=(), by=clinic.actor["karin"], at=make.MONDAY
    )
    db.commit()
    karin.get("documents.show", plan_id=draft.id, expect=404)
