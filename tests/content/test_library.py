"""The project's own content, and how chapters become pages."""

import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from careplan.domain.needs import AREA_IDS
from careplan.domain.plan import PLACEHOLDERS, ChapterText
from careplan.domain.questionnaire import (
    GoldenCase,
    Questionnaire,
    answered,
    settled,
    visible_questions,
)
from careplan.domain.scoring import compute
from careplan.domain.triage import Level, call_now, evaluate, say
from careplan.library import (
    ContentErrors,
    Library,
    MissingFact,
    UnknownPlan,
    WrongHash,
    check,
    compile_questionnaire,
    content_hash,
    questionnaire_by_hash,
    read_chapter,
    render_chapter,
)
from tests.content.files import CHAPTER, PLAN, QUESTIONNAIRE, changed, line_of, write

CONTENT = Path(__file__).parents[2] / "content"
FORMS = {
    file.stem: compile_questionnaire(file.read_text(), str(file)) for file in CONTENT.glob("questionnaires/*.yaml")
}
CASES = [pytest.param(form, case, id=f"{form.id}: {case.name}") for form in FORMS.values() for case in form.golden]
OWN = [
    "needs",
    "weekly-symptoms",
    "before-visit",
    "care-experience",
    "habits",
    "late-effects",
    "work-and-study",
    "young-adults",
    "intimacy",
    "relatives-needs",
]


@pytest.fixture(scope="module")
def library() -> Library:
    return Library.load(CONTENT)


def facts(**changes: str) -> dict[str, dict[str, str]]:
    made: dict[str, dict[str, str]] = {}
    for name in PLACEHOLDERS:
        group, key = name.split(".")
        made.setdefault(group, {})[key] = changes.get(f"{group}_{key}", f"[{name}]")
    return made


@pytest.mark.slow
def test_the_content_has_no_errors() -> None:
    assert [str(problem) for problem in check(CONTENT) if problem.is_error] == []


def test_all_content_loads_in_well_under_two_seconds() -> None:
    started = time.perf_counter()
    Library.load(CONTENT)
    assert time.perf_counter() - started < 2


@pytest.mark.parametrize(("form", "case"), CASES)
def test_a_golden_case_comes_out_as_written(form: Questionnaire, case: GoldenCase) -> None:
    final = settled(form, case.answers)
    scores = compute(form, final)
    assert {flag.rule_id for flag in evaluate(form, final, scores, case.previous)} == set(case.flags)
    assert {score: scores[score] for score in case.scores} == pytest.approx(dict(case.scores), nan_ok=False, abs=0.005)


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
def test_every_threshold_says_its_owner_and_source_and_itself(form: Questionnaire) -> None:
    for rule in form.rules:
        assert rule.owner
        assert rule.source
        for lang in form.languages:
            assert say(rule, form, lang)


@pytest.mark.parametrize("name", OWN)
def test_our_own_forms_admit_that_no_clinician_has_reviewed_them(name: str) -> None:
    form = FORMS[name]
    assert form.review.status == "not-reviewed"
    assert form.licence.kind == "own"
    assert {rule.source for rule in form.rules} == {"eget förslag, behöver kliniskt godkännande"}
    assert set(form.languages) == {"sv", "en"}


def test_the_needs_form_covers_every_area_and_starts_with_eight_plain_questions() -> None:
    form = FORMS["needs"]
    assert {item.area for item in form.items if item.area} == AREA_IDS
    assert all(item.show_if is None for item in form.questions[:8])
    assert any(item.show_if for item in form.questions)
    assert form.questions[0].text["sv"] == "Vad fungerar bra för dig just nu?"


def test_a_severe_answer_in_the_weekly_form_asks_whether_it_is_going_on_and_calls_at_once() -> None:
    form = FORMS["weekly-symptoms"]
    assert len(visible_questions(form, {})) == 12
    for link_id in ("breathlessness", "pain"):
        severe, bearable = {link_id: answered(8)}, {link_id: answered(7)}
        assert f"{link_id}-now" in [item.link_id for item in visible_questions(form, severe)]
        assert f"{link_id}-now" not in [item.link_id for item in visible_questions(form, bearable)]
        flag = call_now(form, severe, link_id)
        assert flag is not None
        assert flag.level is Level.RED
        assert call_now(form, bearable, link_id) is None


@pytest.mark.slow
def test_every_chapter_of_every_plan_renders_with_all_facts(library: Library) -> None:
    given = facts()
    for plan in library.plans.values():
        assert set(plan.chapter_ids) == set(plan.chapters)
        for chapter in plan.chapters.values():
            rendered = render_chapter(chapter, given)
            whole = "".join(
                [rendered.key or "", rendered.call or "", rendered.intro, *(html for _, html in rendered.sections)]
            )
            assert "{" not in whole
            assert ":::" not in whole


def test_sources_hold_every_file_with_its_text_and_hash(library: Library) -> None:
    files = library.sources()
    patterns = ("*/*.md", "questionnaires/*.yaml", "instruments/*.yaml")
    expected = {path for pattern in patterns for path in CONTENT.glob(pattern)}
    assert len(files) == len({(file.kind, file.id, file.lang) for file in files}) == len(expected)
    assert all(file.hash == content_hash(file.text) for file in files)
    hashes = {(file.kind, file.id, file.lang): file.hash for file in files}
    for form in library.questionnaires.values():
        assert hashes["questionnaire", form.id, ""] == form.hash
    for (plan_id, lang), plan in library.plans.items():
        assert hashes["plan", plan_id, lang] == plan.hash


def test_an_edited_plan_is_compiled_against_the_library(tmp_path: Path) -> None:
    library = Library.load(write(tmp_path))
    edited = changed(PLAN, "Planen är din.", "Planen är helt din.").replace("\n", "\r\n")
    plan = library.compile_plan(edited, "draft", "sv")
    assert plan.chapter("about").intro == "<p>Planen är helt din.</p>"
    assert plan.hash != library.plan("general", "sv").hash
    broken = changed(PLAN, "questionnaire: short", "questionnaire: long")
    line = line_of(broken, "questionnaire: long")
    with pytest.raises(ContentErrors, match=f"draft:{line}: unknown questionnaire 'long'"):
        library.compile_plan(broken, "draft", "sv")
    chapter = read_chapter(changed(CHAPTER, "Du når", "Du når alltid"), "draft")
    assert chapter.intro.startswith("<p>Du når alltid")


def chapter_of(tmp_path: Path, body: str) -> ChapterText:
    library = Library.load(write(tmp_path, plan=changed(PLAN, "Planen är din.", body)))
    return library.plan("general", "sv").chapter("about")


def test_a_chapter_is_split_into_key_call_intro_and_folded_sections(tmp_path: Path) -> None:
    library = Library.load(write(tmp_path))
    plan = library.plan("general", "fi")
    assert plan.lang == "sv"
    about = plan.chapter("about")
    assert about.title == "Om planen"
    assert about.key == "<ul>\n<li>Ring {{ nurse.first_name }} om du undrar.</li>\n</ul>"
    assert about.call is None
    assert about.intro == "<p>Planen är din.</p>"
    assert about.sections == (("Mer om planen", "<p>Du kan läsa den när du vill.</p>"),)
    assert plan.chapter("team").call == "<ul>\n<li>Du får feber.</li>\n</ul>"
    with pytest.raises(UnknownPlan):
        library.plan("weather", "sv")


def test_facts_are_escaped_and_text_is_not(tmp_path: Path) -> None:
    chapter = chapter_of(tmp_path, "Hej {{ patient.first_name }}. **Nu** & [sedan](https://www.1177.se/).")
    rendered = render_chapter(chapter, facts(patient_first_name="<b>O'Hara</b> {{ 7 * 7 }}"))
    assert rendered.intro == (
        "<p>Hej &lt;b&gt;O&#39;Hara&lt;/b&gt; {{ 7 * 7 }}. <strong>Nu</strong> &amp; "
        '<a href="https://www.1177.se/">sedan</a>.</p>'
    )


def test_a_fact_that_is_not_given_is_an_error_and_not_a_gap(tmp_path: Path) -> None:
    chapter = chapter_of(tmp_path, "Ring {{ nurse.phone }}.")
    without: Mapping[str, Mapping[str, str]] = {"nurse": {"first_name": "Karin"}}
    for given in (without, {}):
        with pytest.raises(MissingFact):
            render_chapter(chapter, given)


def test_a_table_and_a_list_keep_their_structure(tmp_path: Path) -> None:
    chapter = chapter_of(tmp_path, "| Dag | Gör |\n|---|---|\n| 1 | Vila |\n\n1. Först\n2. Sedan")
    assert "<th>Dag</th>" in chapter.intro
    assert "<ol>\n<li>Först</li>" in chapter.intro


def test_an_old_response_gets_its_own_version_compiled_once() -> None:
    loaded: list[str] = []
    text = changed(QUESTIONNAIRE, 'version: "1"', 'version: "0 of test_library"')

    def load_text(wanted: str) -> str:
        loaded.append(wanted)
        return text

    old = content_hash(text)
    form = questionnaire_by_hash(old, load_text)
    assert form.version == "0 of test_library"
    assert questionnaire_by_hash(old, load_text) is form
    assert loaded == [old]


def test_a_stored_text_that_was_changed_is_refused() -> None:
    with pytest.raises(WrongHash):
        questionnaire_by_hash(content_hash("one"), lambda _: "another")


def test_a_loaded_form_is_known_by_its_hash_without_asking_the_store(library: Library) -> None:
    form = library.questionnaires["needs"]

    def refuse(_: str) -> str:
        raise AssertionError("the store was asked")

    assert questionnaire_by_hash(form.hash, refuse) == form
