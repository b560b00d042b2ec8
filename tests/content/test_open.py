"""The library as a process opens it: what is published over a file, and what takes the place of a file with errors."""

from pathlib import Path

import pytest

from careplan.library import ContentErrors, Held, Library, Stored, content_hash, read_tree
from tests.content.files import CHAPTER, PLAN, QUESTIONNAIRE, changed, write

TEAM, GENERAL, SHORT = ("chapter", "team", "sv"), ("plan", "general", "sv"), ("questionnaire", "short", "")
NEWER = changed(CHAPTER, "Du når oss", "Du kan nå oss")


def held(text: str = NEWER, over: str = CHAPTER) -> Stored:
    return Stored({TEAM: Held(text, content_hash(over) if over else "")})


def good(*texts: str, place: tuple[str, str, str] = TEAM) -> Stored:
    return Stored(good=lambda asked: texts if asked == place else ())


def team(library: Library) -> str:
    return library.plan("general", "sv").chapter("team").intro


def test_what_is_published_holds_in_each_template_that_uses_it(tmp_path: Path) -> None:
    other = changed(changed(PLAN, "id: general", "id: other"), "title: Allmän plan", "title: En till")
    write(tmp_path)
    (tmp_path / "plans" / "other.sv.md").write_text(other)
    library = Library.open(read_tree(tmp_path), held())
    assert {"Du kan nå oss" in plan.chapter("team").intro for plan in library.plans.values()} == {True}
    assert len(library.plans) == 2
    assert (library.faults, library.set_aside) == ((), ())
    assert library.file(TEAM).text == NEWER


def test_a_file_that_was_changed_later_holds_and_editors_are_told(tmp_path: Path) -> None:
    write(tmp_path, chapter=changed(CHAPTER, "Du når oss", "Ring oss"))
    library = Library.open(read_tree(tmp_path), held())
    assert "Ring oss" in team(library)
    assert library.set_aside == (TEAM,)


def test_a_file_that_came_to_say_what_was_published_is_no_conflict(tmp_path: Path) -> None:
    library = Library.open(read_tree(write(tmp_path, chapter=NEWER)), held())
    assert "Du kan nå oss" in team(library)
    assert library.set_aside == ()


def test_a_translation_without_a_file_is_there(tmp_path: Path) -> None:
    stored = Stored({("chapter", "team", "en"): Held(changed(CHAPTER, "Du når oss", "You reach us"), "")})
    library = Library.open(read_tree(write(tmp_path)), stored)
    assert "You reach us" in library.chapters["team", "en"].intro


BROKEN = {
    "front matter": changed(CHAPTER, "title: Ditt team", "title: [Ditt team"),
    "html": changed(CHAPTER, "Du når oss", "<script>alert(1)</script> Du når oss"),
    "a link": changed(CHAPTER, "Du når oss", "[Du](javascript:alert(1)) når oss"),
    "an image": changed(CHAPTER, "Du når oss", "![Du](https://example.com/x.png) når oss"),
    "code": changed(CHAPTER, "unit.phone", "unit.phone.__class__"),
    "itself": changed(CHAPTER, "Du når oss", "{% include 'team' %} Du når oss"),
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN.keys())
def test_the_last_good_version_stands_in_for_a_file_with_errors(tmp_path: Path, text: str) -> None:
    write(tmp_path, chapter=text)
    with pytest.raises(ContentErrors) as refused:
        Library.load(tmp_path)
    library = Library.open(read_tree(tmp_path), good("--- worse", NEWER, CHAPTER))
    assert "Du kan nå oss" in team(library)
    assert set(refused.value.problems) <= set(library.faults)
    assert all(fault.path == str(tmp_path / "chapters/team.sv.md") and fault.line for fault in refused.value.problems)


def test_a_file_that_is_not_utf_8_has_its_last_good_version(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "chapters/team.sv.md").write_bytes(CHAPTER.encode("utf-16"))
    assert "Du når oss" in team(Library.open(read_tree(tmp_path), good(CHAPTER)))


def test_where_there_never_was_a_good_version_the_template_is_left_out_and_the_rest_is_there(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "plans" / "other.sv.md").write_text(changed(PLAN, "id: general", "id: other").replace("- about", "- x"))
    library = Library.open(read_tree(tmp_path), Stored())
    assert set(library.plans) == {("general", "sv")}
    assert {Path(fault.path).name for fault in library.faults} == {"other.sv.md"}


def test_a_broken_publication_gives_way_to_its_file(tmp_path: Path) -> None:
    library = Library.open(read_tree(write(tmp_path)), held(BROKEN["html"]))
    assert "Du når oss" in team(library)
    assert library.faults


def test_of_two_templates_with_one_id_the_one_of_that_name_is_used(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "plans" / "again.sv.md").write_text(changed(PLAN, "Planen är din.", "En annan text."))
    library = Library.open(read_tree(tmp_path), Stored())
    assert "Planen är din." in library.plan("general", "sv").chapter("about").intro
    assert {(Path(fault.path).name, fault.line) for fault in library.faults} == {("again.sv.md", 2)}


def test_a_template_that_names_a_chapter_that_is_gone_is_as_it_was_before(tmp_path: Path) -> None:
    write(tmp_path, plan=changed(PLAN, "always: [team]", "always: [team, gone]"))
    library = Library.open(read_tree(tmp_path), good(PLAN, place=GENERAL))
    assert library.plan("general", "sv").always == ("team",)


def test_a_form_with_errors_is_as_it_was_before(tmp_path: Path) -> None:
    write(tmp_path, questionnaire=changed(QUESTIONNAIRE, "minutes: 1", "minutes: many"))
    library = Library.open(read_tree(tmp_path), good(QUESTIONNAIRE, place=SHORT))
    assert library.questionnaire("short").minutes == 1


def test_a_translation_that_no_longer_has_the_same_parts_is_left_out_and_swedish_is_shown(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "plans" / "general.en.md").write_text(changed(PLAN, "open_days: 14", "open_days: 15"))
    library = Library.open(read_tree(tmp_path), Stored())
    assert library.plan("general", "en").lang == "sv"
    assert library.faults


def test_only_what_is_changed_is_compiled_anew(tmp_path: Path) -> None:
    before = Library.open(read_tree(write(tmp_path)), Stored())
    after = Library.open(before.tree, held(), dict(before.compiled))
    kept = {key: after.compiled[key] is made for key, made in before.compiled.items() if key in after.compiled}
    assert set(kept.values()) == {True}
    assert len(after.compiled) == len(before.compiled)
    assert after.questionnaires["short"] is before.questionnaires["short"]
    assert "Du når oss" in team(before)


def test_a_trial_tells_what_other_files_would_suffer(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "plans" / "general.en.md").write_text(PLAN)
    library = Library.load(tmp_path)
    trial = library.trial(GENERAL, changed(PLAN, "open_days: 14", "open_days: 15"))
    assert [(Path(error.path).name, error.message) for error in trial.errors] == [
        ("general.en.md", "the treatments and schedule are not the same as in the Swedish file")
    ]
    assert library.plan("general", "sv").schedule[0].open_days == 14
