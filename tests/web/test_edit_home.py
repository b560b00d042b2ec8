"""What an editor sees: all content with its version and review, and how it reads to a made-up patient."""

import pytest

from careplan.library import Library
from tests.people import Human


def test_everything_loaded_is_listed_with_version_and_review(library: Library, edith: Human) -> None:
    text = edith.get("edit.home").text
    for plan in library.plans.values():
        assert plan.title in text
    for questionnaire in library.questionnaires.values():
        assert questionnaire.title["sv"] in text
    assert "inte granskad" in text


@pytest.mark.slow
def test_each_template_and_each_of_its_chapters_can_be_read(library: Library, edith: Human) -> None:
    for plan in library.plans.values():
        page = edith.get("edit.plan", plan_id=plan.id, lang=plan.lang)
        assert plan.title in page.heading
    plan = library.plan(next(iter(library.plans))[0], "sv")
    for chapter_id in plan.chapter_ids:
        page = edith.get("edit.chapter", plan_id=plan.id, lang=plan.lang, chapter_id=chapter_id)
        assert "{{" not in page.text
        assert "påhittade namn" in page.text


def test_a_form_says_who_answers_it_and_who_sees_what(library: Library, edith: Human) -> None:
    sentences = {
        "En närstående svarar om sig själv.": lambda form: form.about == "relative",
        "Extra privat.": lambda form: form.is_sensitive,
        "Enheten ser samlade resultat från 30 personer": lambda form: form.results_at_least == 30,
    }
    for questionnaire in library.questionnaires.values():
        text = edith.get("edit.questionnaire", questionnaire_id=questionnaire.id).text
        assert {words for words in sentences if words in text} == {
            words for words, is_so in sentences.items() if is_so(questionnaire)
        }


def test_a_form_is_shown_with_its_rules_in_words(library: Library, edith: Human) -> None:
    for questionnaire in library.questionnaires.values():
        text = edith.get("edit.questionnaire", questionnaire_id=questionnaire.id).text
        for item in questionnaire.questions:
            assert item.short["sv"] in text
        assert "Behöver ses" in text


def test_findings_are_those_of_the_check(edith: Human) -> None:
    assert "careplan check" in edith.get("edit.findings").text


@pytest.mark.parametrize(
    ("endpoint", "values"),
    [
        ("edit.plan", {"plan_id": "nothing", "lang": "sv"}),
        ("edit.plan", {"plan_id": "breast-cancer", "lang": "tlh"}),
        ("edit.chapter", {"plan_id": "breast-cancer", "lang": "sv", "chapter_id": "nothing"}),
        ("edit.questionnaire", {"questionnaire_id": "nothing"}),
    ],
)
def test_what_does_not_exist_is_a_plain_404(edith: Human, endpoint: str, values: dict[str, str]) -> None:
    edith.get(endpoint, expect=404, **values)
