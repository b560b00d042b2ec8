"""What a template proposes, and what differs between two versions of a plan."""

import pytest

from careplan.domain.plan import (
    Change,
    ChangeKind,
    ChapterRef,
    ChapterState,
    Phase,
    PlanDefinition,
    PlanSnapshot,
    Treatment,
    UnknownChapter,
    changes,
    proposed,
)
from careplan.domain.questionnaire import Review

TEMPLATE = PlanDefinition(
    id="test",
    lang="sv",
    title="Prov",
    icd10=(),
    version="1",
    owner="ägare",
    sources=(),
    review=Review("not-reviewed"),
    treatments=(Treatment("surgery", "Operation"), Treatment("drug", "Läkemedel")),
    phases=(
        Phase("first", "Först", (ChapterRef("about"), ChapterRef("after-surgery", "surgery"))),
        Phase("then", "Sedan", (ChapterRef("drug-day", "drug"),)),
    ),
    always=("team",),
    schedule=(),
    chapters={},
    hash="test",
)


@pytest.mark.parametrize(
    ("treatments", "shown"),
    [
        (set(), {"about": True, "after-surgery": False, "drug-day": False, "team": True}),
        ({"drug"}, {"about": True, "after-surgery": False, "drug-day": True, "team": True}),
        ({"drug", "surgery"}, {"about": True, "after-surgery": True, "drug-day": True, "team": True}),
    ],
)
def test_chapters_follow_the_chosen_treatments(treatments: set[str], shown: dict[str, bool]) -> None:
    assert proposed(TEMPLATE, treatments) == shown
    assert list(proposed(TEMPLATE, treatments)) == list(TEMPLATE.chapter_ids)


def test_an_unknown_chapter_is_an_error() -> None:
    with pytest.raises(UnknownChapter):
        TEMPLATE.chapter("weather")


def test_changes_name_what_differs_and_nothing_else() -> None:
    before = PlanSnapshot("Hej", {"about": ChapterState(True), "team": ChapterState(False), "drug": ChapterState(True)})
    after = PlanSnapshot(
        "Hej igen", {"about": ChapterState(True, "Läs detta"), "team": ChapterState(True), "drug": ChapterState(True)}
    )
    assert changes(before, after) == [
        Change(ChangeKind.GREETING, None, "Hej", "Hej igen"),
        Change(ChangeKind.NOTE, "about", "", "Läs detta"),
        Change(ChangeKind.SHOWN, "team"),
    ]
    assert changes(after, after) == []


def test_a_chapter_that_is_gone_is_hidden_and_its_note_with_it() -> None:
    before = PlanSnapshot("", {"about": ChapterState(True, "Läs detta")})
    assert changes(before, PlanSnapshot()) == [
        Change(ChangeKind.HIDDEN, "about"),
        Change(ChangeKind.NOTE, "about", "Läs detta", ""),
    ]
