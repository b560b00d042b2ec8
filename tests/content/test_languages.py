"""A form's languages: whole or not offered, and validated wording locked."""

import re
from pathlib import Path

import pytest

from careplan.domain.questionnaire import text_in
from careplan.library import ContentErrors, Library, check, compile_questionnaire
from careplan.library.document import read_yaml, validated
from careplan.library.languages import lock, locks
from careplan.library.schema import QuestionnaireModel
from tests.cli.command import careplan
from tests.content.files import QUESTIONNAIRE, changed, line_of, write

ENGLISH = {
    "Kort": "Short",
    "Vi prövar.": "We try.",
    "i dag": "today",
    "Allt": "All",
    '"Hur ont har du?"': '"How much pain do you have?"',
    "Smärta": "Pain",
    "Inget": "None",
    "Värst": "Worst",
    '"Var gör det ont?"': '"Where does it hurt?"',
    "Var": "Where",
    "Ryggen": "The back",
    "Ingenstans": "Nowhere",
    "Börda": "Burden",
}
# "translated" is what becomes of the status, "original".
BOTH = re.sub(
    r"\{sv: ([^{}]*)\}", lambda found: f"{{sv: {found[1]}, en: {ENGLISH.get(found[1], 'translated')}}}", QUESTIONNAIRE
).replace("en: translated}", "en: translated}\nlocks: {}", 1)


def model(text: str) -> QuestionnaireModel:
    return validated(QuestionnaireModel, read_yaml(text, "short.yaml"))


def locked(text: str, lang: str = "en") -> str:
    """The same form, its wording in one language validated and locked."""
    text = re.sub(rf"\b{lang}: (original|translated)", f"{lang}: validated", text, count=1)
    return text.replace("locks: {}", f'locks: {{{lang}: "{lock(model(text), lang)}"}}')


# the English that is taken away, where the message points, what it says
LACKING = [
    (", en: Short", "title:", "'title' has no text in 'en'"),
    (", en: today", "recall_period:", "'recall_period' has no text in 'en'"),
    (", en: All", "sections:", "'title' of section 'all'"),
    (', en: "Where does it hurt?"', 'text: {sv: "Var gör', "'text' of item 'where' has no text in 'en'"),
    (", en: Pain", "short: {sv: Smärta", "'short' of item 'pain' has no text in 'en'"),
    (", en: Worst", "scale:", "'high' of item 'pain' has no text in 'en'"),
    (", en: The back", "- {value: back", "'text' of item 'where', option 'back' has no text in 'en'"),
    (", en: Burden", "- {id: burden", "'title' of score 'burden' has no text in 'en'"),
]


@pytest.mark.parametrize(("taken", "points_at", "said"), LACKING, ids=[each[2] for each in LACKING])
def test_a_language_that_lacks_a_text_keeps_the_form_from_loading(
    tmp_path: Path, taken: str, points_at: str, said: str
) -> None:
    text = changed(BOTH, taken, "")
    (problem,) = check(write(tmp_path, questionnaire=text))
    assert problem.is_error
    assert problem.line == line_of(text, points_at)
    assert said in problem.message
    with pytest.raises(ContentErrors, match=r"short\.yaml:"):
        Library.load(tmp_path)


def test_a_planned_language_may_lack_texts_and_is_not_offered(tmp_path: Path) -> None:
    text = changed(BOTH, "en: translated}", "en: translated, fi: missing}")
    form = Library.load(write(tmp_path, questionnaire=text)).questionnaire("short")
    assert form.languages["fi"] == "missing"
    assert form.offered == ("sv", "en")
    assert (form.language_for("en"), form.language_for("fi"), form.language_for("ar")) == ("en", "sv", "sv")


@pytest.mark.parametrize("languages", ["{en: original}", "{sv: missing}", "{sv: good}", "{}"])
def test_a_form_is_there_in_swedish_and_says_how(tmp_path: Path, languages: str) -> None:
    text = changed(QUESTIONNAIRE, "languages: {sv: original}", f"languages: {languages}")
    problems = check(write(tmp_path, questionnaire=text))
    assert [problem.line for problem in problems if problem.is_error and "short.yaml" in problem.path] == [
        line_of(text, "languages:")
    ]


def test_validated_wording_without_its_lock_is_refused(tmp_path: Path) -> None:
    text = changed(BOTH, "en: translated", "en: validated")
    (problem,) = check(write(tmp_path, questionnaire=text))
    assert problem.line == line_of(text, "languages:")
    assert "'en' is validated and needs its lock" in problem.message


def test_validated_wording_with_its_lock_loads(tmp_path: Path) -> None:
    assert check(write(tmp_path, questionnaire=locked(BOTH))) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("How much pain do you have?", "How much pain have you got?"),
        ("en: today", "en: this week"),
        ("en: Worst}", "en: The worst}"),
        ("max: 10,", "max: 9,"),
        ("en: Nowhere", "en: No place"),
        ("value: back", "value: spine"),
    ],
)
def test_a_change_to_what_is_read_or_chosen_breaks_the_lock(tmp_path: Path, old: str, new: str) -> None:
    text = changed(locked(BOTH), old, new)
    problems = [each for each in check(write(tmp_path, questionnaire=text)) if "locked" in each.message]
    assert [problem.line for problem in problems] == [line_of(text, "locks:")]
    assert "the wording in 'en' is not what was locked" in problems[0].message


def test_another_order_of_options_or_questions_breaks_the_lock() -> None:
    first = "      - {value: back, text: {sv: Ryggen, en: The back}}\n"
    second = '      - {value: "no", text: {sv: Ingenstans, en: Nowhere}}\n'
    turned = changed(BOTH, first + second, second + first)
    assert not set(locks(model(turned)).values()) & set(locks(model(BOTH)).values())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Hur ont har du?", "Hur ont har du haft?"),
        ("short: {sv: Smärta, en: Pain}", "short: {sv: Värk, en: Ache}"),
        ("en: We try.", "en: We ask to know."),
        ("{item: pain, at_least: 5}", "{item: pain, at_least: 4}"),
        ("minutes: 1", "minutes: 2"),
    ],
)
def test_another_language_our_own_labels_and_branching_do_not_break_the_lock(old: str, new: str) -> None:
    assert lock(model(changed(BOTH, old, new)), "en") == lock(model(BOTH), "en")


def test_a_default_written_out_is_the_same_wording() -> None:
    written = changed(BOTH, "text: {sv: Ryggen, en: The back}}", "text: {sv: Ryggen, en: The back}, exclusive: false}")
    assert locks(model(written)) == locks(model(BOTH))


def test_a_lock_of_a_language_that_is_not_offered_is_refused(tmp_path: Path) -> None:
    text = changed(BOTH, "locks: {}", f'locks: {{fi: "{"0" * 64}"}}')
    (problem,) = check(write(tmp_path, questionnaire=text))
    assert "'locks' names 'fi'" in problem.message


def test_the_command_prints_the_locks_of_a_form_that_its_lock_keeps_out(tmp_path: Path) -> None:
    text = changed(locked(BOTH), "How much pain", "How bad is the pain")
    write(tmp_path, questionnaire=text)
    run = careplan("questionnaire", "--content", str(tmp_path), "lock", "short")
    assert (run.code, run.err) == (0, "")
    assert run.out.startswith("locks:\n  sv: ")
    printed = read_yaml(run.out, "out").data["locks"]
    assert printed == locks(model(text))
    mended = re.sub(r"locks: \{.*?\}", f'locks: {{en: "{printed["en"]}"}}', text)
    assert check(write(tmp_path, questionnaire=mended)) == []


@pytest.mark.parametrize("wanted", ["nonsense", "../short", ""])
def test_the_command_says_when_there_is_no_such_form(tmp_path: Path, wanted: str) -> None:
    run = careplan("questionnaire", "--content", str(write(tmp_path)), "lock", wanted)
    assert run.code == 1
    assert (run.out, run.err.count("\n")) == ("", 1)


def test_showing_a_form_says_how_its_texts_came_about(tmp_path: Path) -> None:
    run = careplan("questionnaire", "--content", str(write(tmp_path, questionnaire=BOTH)), "show", "short")
    assert "languages: sv original, en translated\n" in run.out


def test_a_version_that_was_published_before_stays_readable_whatever_is_asked_now() -> None:
    lacking = changed(BOTH, ", en: Pain", "")
    unlocked = changed(BOTH, "en: translated", "en: validated")
    form = compile_questionnaire(lacking, "version")
    assert (form.item("pain").short.get("en"), text_in(form.item("pain").short, "en")) == (None, "Smärta")
    assert compile_questionnaire(unlocked, "version").languages["en"] == "validated"
