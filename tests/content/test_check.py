"""`careplan check`: each fault gives one clear message with its file and line."""

from pathlib import Path

import pytest

from careplan.library import ContentErrors, Library, Severity, check
from tests.content.files import CHAPTER, PLAN, QUESTIONNAIRE, changed, line_of, write

Q, P, C = "questionnaires/short.yaml", "plans/general.sv.md", "chapters/team.sv.md"
AGAIN = "follow_up: {questionnaire: %s, after_days: %d, open_days: 5}\n"

# file, what is changed, to what, where the message points (a passage of the changed text), the message
FAULTS = [
    # questionnaires
    (Q, "title: {sv: Kort}", "title: {sv: Kort", "purpose", "broken YAML"),
    (Q, "minutes: 1\n", "minutes: 1\ncolour: red\n", "colour", "unknown key 'colour'"),
    (Q, 'owner: "Redaktionen"\n', "", "id: short", "the key 'owner' is missing"),
    (Q, "sources: [{title: Egna frågor, reference: ingen}]", "sources: []", "sources:", "'sources'"),
    (Q, "review: {status: not-reviewed}\n", "", "id: short", "the key 'review' is missing"),
    (Q, "{status: not-reviewed}", "{status: reviewed}", "review:", "by whom and on which day"),
    (Q, "minutes: 1", "minutes: 1\nminutes: 2", "minutes: 2", "the key 'minutes' stands twice"),
    (Q, 'version: "1"', "version: 1", "version", "'version' must be a text"),
    (Q, "minutes: 1", "minutes: soon", "minutes", "'minutes'"),
    (Q, "title: {sv: Kort}", "title: {en: Short}", "title", "the Swedish text (sv) is missing"),
    (Q, "title: {sv: Kort}", "title: &t {sv: Kort}\nhint: *t", "hint: *t", "YAML aliases (*) are not allowed"),
    (Q, "title: {sv: Kort}", "title: " + "[" * 99999, "title", "YAML nested in more than 30 levels"),
    (Q, "minutes: 1", "minutes: 2026-02-30", "minutes", "cannot read the value '2026-02-30'"),
    (Q, "range: [0, 10]", "range: [0, .inf]", "id: burden", "must be a finite number"),
    (Q, "{item: pain, at_least: 8}", "{item: pain, at_least: .nan}", "id: pain-red", "'at_least' must be a number"),
    (
        Q,
        "link_id: where\n",
        "link_id: pain\n",
        "link_id: pain\n    section: all\n    type: choice",
        "the link_id 'pain' stands twice",
    ),
    (Q, "minutes: 1\n", f"minutes: 1\n{AGAIN % ('gone', 2)}", "follow_up", "no form 'gone' to ask of the same person"),
    (Q, "minutes: 1\n", f"minutes: 1\n{AGAIN % ('short', -1)}", "follow_up", "after_days"),
    (Q, "section: all\n    type: choice", "section: some\n    type: choice", "section: some", "unknown section 'some'"),
    (Q, "type: choice", "type: slider", "type: slider", "'type'"),
    (
        Q,
        "    higher_means: more-trouble\n  - link",
        "    higher_means: more-trouble\n    same_as_last: true\n  - link",
        "same_as_last",
        "'pain' may raise red and is asked anew",
    ),
    (
        Q,
        "    higher_means: more-trouble\n  - link",
        "    higher_means: more-trouble\n    reuse_days: 2\n  - link",
        "reuse_days",
        "'reuse_days' needs 'concept'",
    ),
    (Q, "    higher_means: more-trouble\n  - link", "  - link", "link_id: pain", "needs 'higher_means'"),
    (Q, "{item: pain, at_least: 5}", "{item: pian, at_least: 5}", "show_if", "'pian', which is not an earlier item"),
    (Q, "{item: pain, at_least: 5}", "{item: where, is: back}", "show_if", "'where', which is not an earlier item"),
    (Q, "{item: pain, at_least: 5}", "{item: pain, worse_by: 2}", "show_if", "cannot open a question"),
    (Q, "{item: pain, at_least: 5}", "{score: burden, at_least: 5}", "show_if", "cannot open a question"),
    (Q, "{item: pain, at_least: 5}", "{item: pain, at_least: 11}", "show_if", "11 is outside the scale of 'pain'"),
    (Q, "{item: pain, at_least: 8}", "{item: pian, at_least: 8}", "id: pain-red", "unknown item 'pian' in a rule"),
    (Q, "{item: pain, at_least: 8}", "{item: pain, over: 8}", "id: pain-red", "unknown rule {item, over}"),
    (Q, "{item: pain, at_least: 8}", "{item: pain, at_least: x}", "id: pain-red", "'at_least' must be a number"),
    (Q, "{item: pain, at_least: 8}", "{all: []}", "id: pain-red", "'all' needs a list"),
    (Q, "{item: pain, at_least: 8}", "{item: where, is: foot}", "id: pain-red", "'foot' is not an option of 'where'"),
    (Q, "{item: pain, at_least: 8}", "{item: where, at_least: 8}", "id: pain-red", "'where' has no number"),
    (Q, "{item: pain, at_least: 8}", "{item: pain, is: 8}", "id: pain-red", "'pain' has no options"),
    (Q, "{item: pain, at_least: 8}", "{item: where, is: [back]}", "id: pain-red", "'['back']' is not an option of"),
    (Q, "{item: pain, at_least: 8}", "{score: [burden], at_least: 8}", "id: pain-red", "unknown score '['burden']'"),
    (Q, "{item: pain, at_least: 8}", "{score: load, at_least: 8}", "id: pain-red", "unknown score 'load'"),
    (Q, "item: pain, owner", "item: load, owner", "id: pain-red", "unknown item 'load' in rule 'pain-red'"),
    (Q, "owner: Redaktionen, source", "source", "id: pain-red", "the key 'owner' is missing"),
    (Q, "level: red", "level: orange", "id: pain-red", "'level'"),
    (Q, "items: [pain]", "items: [pian]", "id: burden", "unknown item 'pian' in score 'burden'"),
    (Q, "items: [pain]", "items: [where]", "id: burden", "'where' has no number"),
    (Q, "method: mean, at_least: 1", "method: mean, at_least: 2", "id: burden", "more than the 1 items"),
    (Q, "{value: back,", "{value: declined,", "options", "'declined' is the answer of"),
    (Q, "{value: back,", '{value: "no",', "options", "the option 'no' stands twice"),
    (Q, "    show_if:", "    area: weather\n    show_if:", "area: weather", "unknown needs area 'weather'"),
    (Q, "flags: [pain-red]", "flags: [pain-rde]", "8 is red", "unknown rule 'pain-rde' in golden case"),
    (Q, "answers: {pain: 8}", "answers: {pian: 8}", "8 is red", "unknown item 'pian' in golden case"),
    (Q, "answers: {pain: 8}", "answers: {pain: 18}", "8 is red", "'18' is not an answer to 'pain': out-of-range"),
    (Q, "answers: {pain: 8}", "answers: {pain: 7}", "8 is red", "flags pain-red expected, none raised"),
    (Q, "scores: {burden: 8}", "scores: {burden: 5}", "8 is red", "score burden expected 5, computed 8"),
    (Q, "scores: {burden: null}", "scores: {burden: 0}", "nothing", "score burden expected 0, computed None"),
    (Q, "id: short", "id: long", "id: long", "the id 'long' asks for the file name long.yaml"),
    # plans
    (P, "---\nid", "id", "id", "must start with front matter"),
    (P, "icd10: []", "icd10: [", "owner", "broken YAML"),
    (P, "icd10: []", "icd: []", "icd: []", "unknown key 'icd'"),
    (P, "icd10: []", "icd10: [breast]", "icd10", "'icd10 1'"),
    (P, "      - about\n", "      - about\n      - abuot\n", "- abuot", "unknown chapter 'abuot'"),
    (P, "always: [team]", "always: [team, about]", "always", "the chapter 'about' stands twice in the plan"),
    (P, "      - about\n", "", "## Om planen", "the chapter 'about' stands in no phase"),
    (P, "treatment: surgery}", "treatment: drugs}", "treatment: drugs", "unknown treatment 'drugs'"),
    (P, "questionnaire: short", "questionnaire: long", "questionnaire: long", "unknown questionnaire 'long'"),
    (P, "event: plan-start", "event: birthday", "event: birthday", "unknown event 'birthday'"),
    (P, "open_days: 14", "times: 3", "times: 3", "'times' above 1 needs 'every_days'"),
    (P, "## Operation {#operation}", "## Operation", "## Operation", "a chapter's heading reads"),
    (P, "## Operation {#operation}", "## Operation {#about}", "## Operation", "'about' stands twice in the file"),
    (P, "nurse.first_name", "nurse.nick", "{{ nurse.nick", "unknown placeholder '{{ nurse.nick }}'"),
    (P, "Planen är din.", "Planen är {% if x %} din.", "{% if", "'{%' outside a placeholder"),
    (P, "Planen är din.", "Planen är {{ din.", "{{ din", "'{{' outside a placeholder"),
    (P, "Planen är din.", "{{ nurse.name.__class__ }}", "{{ nurse.name._", "unknown placeholder"),
    (P, "Planen är din.", "Planen är <b>din</b>.", "<b>din", "HTML is not allowed"),
    (P, "Planen är din.", "![din](https://1177.se/x.png)", "![din", "images are not allowed"),
    (P, "Planen är din.", "[din](https://example.com/)", "[din]", "the link 'https://example.com/'"),
    (P, "Planen är din.", "[din](http://1177.se/)", "[din]", "the link 'http://1177.se/'"),
    (P, "Planen är din.", "[din](https://evil1177.se/)", "[din]", "the link 'https://evil1177.se/'"),
    (P, "Planen är din.", "[din](#operation)", "[din]", "the internal link '#operation' leads nowhere"),
    (P, "Planen är din.", "[din](team)", "[din]", "the internal link 'team' leads nowhere"),
    (P, "Planen är din.", "[din](//example.com/)", "[din]", "the link '//example.com/' does not lead to"),
    (C, "Du når oss", "[Du](team.sv.md) når oss", "[Du]", "the internal link 'team.sv.md' leads nowhere"),
    (P, "Planen är din.", "[din](javascript:alert(1))", "[din]", "'javascript:alert(1' is no address that a link"),
    (P, "Planen är din.", "[din](data:text/html,hej)", "[din]", "'data:text/html,hej' is no address that a link"),
    (P, "Planen är din.", "<script>alert(1)</script>", "<script>", "HTML is not allowed"),
    (P, "Planen är din.", "![](https://1177.se/x.png)", "![]", "an image without text"),
    (P, "Planen är din.", "{{ 7 * 7 }}", "{{ 7", "unknown placeholder '{{ 7 * 7 }}'"),
    (P, "Planen är din.", "> Planen", "> Planen", "quotations"),
    (P, "Planen är din.", "# Planen", "# Planen", "only the headings"),
    (P, "- Ring", "### Ring\n- Ring", "### Ring", "a heading cannot stand inside a box"),
    (P, "::: key", "::: kye", "::: kye", "'::: kye' opens or closes no box"),
    (P, "om du undrar.\n:::", "om du undrar.", "::: key", "the box '::: key' is never closed"),
    (P, ":::\n\nPlanen", "- två\n- tre\n- fyra\n- fem\n- sex\n:::\n\nPlanen", "::: key", "6 bullets, and at most 5"),
    (P, "Du sover under operationen.", "", "## Operation", "the chapter 'operation' has no text"),
    (P, "---\n## Om", "---\nHej.\n\n## Om", "Hej.", "belongs to no chapter"),
    (
        P,
        "Planen är din.",
        "Behandlingsalternativen presenteras " * 20,
        "## Om planen",
        "hard to read: LIX",
    ),
    # chapters
    (C, "id: team\n", "", "title: Ditt team", "the key 'id' is missing"),
    (C, "Du når oss", "## Hej {#hej}\n\nDu når oss", "## Hej", "a shared chapter has no ## heading"),
    (C, "unit.phone", "unit.fax", "{{ unit.fax", "unknown placeholder '{{ unit.fax }}'"),
    (C, "sources: [{title: Egen text, reference: ingen}]\n", "", "id: team", "the key 'sources' is missing"),
    (C, 'owner: "Redaktionen"\n', "", "id: team", "the key 'owner' is missing"),
    (C, "{status: not-reviewed}", "{status: reviewed, by: Anna}", "review:", "by whom and on which day"),
    # a chapter that includes itself, by each way of saying so
    (C, "Du når oss", "{% include 'team' %} Du når oss", "{% include", "'{%' outside a placeholder"),
    (C, "Du når oss", "{{ team }} Du når oss", "{{ team", "unknown placeholder '{{ team }}'"),
    (C, "Du når oss", "::: team\n:::\n\nDu når oss", "::: team", "'::: team' opens or closes no box"),
    (C, "title: Ditt team", "title: Ditt team\nchapters: [team]", "chapters", "unknown key 'chapters'"),
]


def test_sound_content_has_no_problem(tmp_path: Path) -> None:
    assert check(write(tmp_path)) == []


@pytest.mark.parametrize(("file", "old", "new", "where", "message"), FAULTS, ids=[fault[4] for fault in FAULTS])
def test_a_fault_is_told_with_its_file_and_line(
    tmp_path: Path, file: str, old: str, new: str, where: str, message: str
) -> None:
    kinds = {Q: ("questionnaire", QUESTIONNAIRE), P: ("plan", PLAN), C: ("chapter", CHAPTER)}
    name, sound = kinds[file]
    text = changed(sound, old, new)
    write(tmp_path, **{name: text})
    about = [problem for problem in check(tmp_path) if message in problem.message]
    assert len(about) == 1, check(tmp_path)
    assert about[0].severity is Severity.ERROR
    assert about[0].path == str(tmp_path / file)
    assert str(about[0]).startswith(f"{tmp_path / file}:{about[0].line}: ")
    assert about[0].line == line_of(text, where)


def test_a_second_file_with_the_same_id_is_told(tmp_path: Path) -> None:
    write(tmp_path, **{"chapters__other.sv.md": CHAPTER, "plans__other.sv.md": PLAN})
    write(tmp_path, **{"questionnaires__other.yaml": QUESTIONNAIRE})
    duplicates = [str(problem) for problem in check(tmp_path) if "is already used in" in problem.message]
    assert len(duplicates) == 3


def test_a_plan_is_not_blamed_for_a_broken_form_or_chapter(tmp_path: Path) -> None:
    assert len(check(write(tmp_path, questionnaire=changed(QUESTIONNAIRE, "minutes: 1", "minutes: many")))) == 1
    assert len(check(write(tmp_path, chapter=changed(CHAPTER, "unit.phone", "unit.fax")))) == 1


def test_a_plan_has_the_same_parts_in_every_language(tmp_path: Path) -> None:
    write(tmp_path, chapters__team_en=CHAPTER)
    (tmp_path / "chapters" / "team_en").rename(tmp_path / "chapters" / "team.en.md")
    english = tmp_path / "plans" / "general.en.md"
    english.write_text(PLAN)
    assert check(tmp_path) == []
    english.write_text(
        changed(PLAN, "    chapters:\n      - about\n", "    chapters:\n").replace("always: [", "always: [about, ")
    )
    assert [str(problem) for problem in check(tmp_path)] == [
        f"{english}:1: the phases and chapters are not the same as in the Swedish file"
    ]
    english.write_text(changed(PLAN, "open_days: 14", "open_days: 15"))
    assert [problem.message for problem in check(tmp_path)] == [
        "the treatments and schedule are not the same as in the Swedish file"
    ]
    (tmp_path / P).unlink()
    assert "the plan 'general' has no Swedish file" in [problem.message for problem in check(tmp_path)]


def test_a_shared_chapter_without_the_plans_language_is_a_warning(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "plans" / "general.en.md").write_text(PLAN)
    (problem,) = check(tmp_path)
    assert (problem.severity, problem.message) == (
        Severity.WARNING,
        "the chapter 'team' has no text in en; Swedish is shown",
    )


def test_one_file_can_be_checked_by_itself(tmp_path: Path) -> None:
    write(tmp_path, plan=changed(PLAN, "icd10: []", "icd: []"), chapter=changed(CHAPTER, "unit.phone", "unit.fax"))
    assert {problem.path for problem in check(tmp_path / P)} == {str(tmp_path / P)}


def test_files_of_any_editor_are_read(tmp_path: Path) -> None:
    write(tmp_path)
    for file in (tmp_path / Q, tmp_path / P, tmp_path / C):
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    assert check(tmp_path) == []


def test_a_file_that_is_not_utf_8_is_told(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / C).write_bytes(
        CHAPTER.replace("Du når", "Du n\N{LATIN SMALL LETTER A WITH RING ABOVE}r").encode("latin-1")
    )
    assert [problem.line for problem in check(tmp_path) if "not UTF-8" in problem.message] == [
        line_of(CHAPTER, "Du når")
    ]


def test_a_long_sentence_is_a_warning_at_its_line(tmp_path: Path) -> None:
    long = "Du " + "och du " * 11 + "är med."
    text = changed(PLAN, "Planen är din.", long)
    (problem,) = check(write(tmp_path, plan=text))
    assert (problem.severity, problem.line) == (Severity.WARNING, line_of(text, "Du och"))
    assert problem.message.startswith("a sentence of 25 words, at most 20")


def test_a_chapter_that_no_plan_uses_is_a_warning(tmp_path: Path) -> None:
    unused = CHAPTER.replace("id: team", "id: unused")
    (problem,) = check(write(tmp_path, **{"chapters__unused.sv.md": unused}))
    assert (problem.severity, problem.message) == (Severity.WARNING, "no plan uses the chapter 'unused'")


def test_a_rule_without_a_case_on_each_side_is_told(tmp_path: Path) -> None:
    text = QUESTIONNAIRE.split("golden:")[0]
    messages = [problem.message for problem in check(write(tmp_path, questionnaire=text))]
    assert messages == ["no golden case computes the score 'burden'", "no golden case raises the rule 'pain-red'"]


def test_content_with_errors_does_not_load_and_says_all_of_them(tmp_path: Path) -> None:
    write(
        tmp_path,
        questionnaire=changed(QUESTIONNAIRE, "minutes: 1", "minutes: many"),
        chapter=changed(CHAPTER, "unit.phone", "unit.fax"),
    )
    with pytest.raises(ContentErrors) as error:
        Library.load(tmp_path)
    assert {Path(problem.path).name for problem in error.value.problems} >= {"short.yaml", "team.sv.md"}
    assert "team.sv.md:9: unknown placeholder '{{ unit.fax }}'" in str(error.value)


def test_a_missing_directory_is_told(tmp_path: Path) -> None:
    (problem,) = check(tmp_path / "nowhere")
    assert problem.message == "there is no such content directory"
