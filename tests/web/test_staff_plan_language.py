"""A patient may want her plan in another language: the nurse chooses it, and signs."""

import pytest

from careplan.library.revisions import chapters_in
from careplan.models import CarePlan
from careplan.queries import plan as plan_queries
from tests.make import MONDAY
from tests.pages import words
from tests.web.revised import TEMPLATE, first_version


@pytest.fixture
def plan(db, library, clinic):
    return first_version(db, library, clinic)


def test_the_nurse_chooses_among_the_languages_of_the_template(karin, astrid, plan, db, library, clinic):
    page = karin.get("staff.plan_edit", plan_id=plan.id)
    assert "Planen är på svenska. Byt språk" in page.text
    page = karin.get("staff.plan_language", plan_id=plan.id)
    assert [words(label) for label in page.select("main label")] == ["Svenska", "Engelska"]
    karin.post("staff.plan_language", {"lang": "en"}, plan_id=plan.id)
    page = karin.follow(karin.page)
    assert "Planen är nu på engelska. Astrid ser det när du har signerat." in page.text
    assert "Planen är nu på engelska" in words(page.select_one("aside"))
    assert "Ny text i" not in words(page.select_one("aside"))  # the same in another language is no news
    english = library.plan(TEMPLATE, "en").chapter("fatigue").title
    assert english not in astrid.get("patient.plan").text
    karin.get("staff.plan_edit", plan_id=plan.id)
    seen = db.get_one(CarePlan, plan.id).version
    db.close()
    karin.post("staff.plan_sign", {"seen": seen}, plan_id=plan.id)
    content = plan_queries.revision_of(db, clinic.actor["astrid"], plan.id, at=MONDAY).content
    assert {chapter["lang"] for chapter in chapters_in(content)} == {"en"}
    assert [chapter["note"] for chapter in chapters_in(content) if chapter["note"]] == [
        "Vila efter lunch. Ring om du undrar."
    ]


def test_a_plan_in_another_language_than_the_page_says_so_and_marks_its_words(karin, astrid, plan, db, library):
    karin.get("staff.plan_language", plan_id=plan.id)
    karin.post("staff.plan_language", {"lang": "en"}, plan_id=plan.id)
    karin.follow(karin.page)
    seen = db.get_one(CarePlan, plan.id).version
    db.close()
    karin.post("staff.plan_sign", {"seen": seen}, plan_id=plan.id)
    page = astrid.get("patient.plan")
    assert "Planen är skriven på engelska." in page.text
    title = library.plan(TEMPLATE, "en").chapter("fatigue").title
    link = next(each for each in page.select("main a") if words(each) == title)
    assert (page.html["lang"], link["lang"], link["dir"]) == ("sv", "en", "ltr")
    compared = astrid.get("patient.compare", plan_id=plan.id, fran=1, till=2)
    assert "Planen är nu på engelska. Förut var den på svenska." in compared.text
    assert compared.select(".app-changes") == []


def test_a_language_that_the_template_is_not_written_in_is_refused(karin, plan, db):
    karin.get("staff.plan_language", plan_id=plan.id)
    karin.post("staff.plan_language", {"lang": "tlh"}, plan_id=plan.id, expect={400, 409, 422})
    assert db.get_one(CarePlan, plan.id).lang == "sv"


def test_the_language_that_it_has_changes_nothing(karin, plan, db):
    seen = db.get_one(CarePlan, plan.id).version
    db.close()
    karin.get("staff.plan_language", plan_id=plan.id)
    karin.post("staff.plan_language", {"lang": "sv"}, plan_id=plan.id)
    assert db.get_one(CarePlan, plan.id).version == seen
