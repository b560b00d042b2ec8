"""Groups of questions in a questionnaire's file: read as written, and each misfit named by its line."""

from pathlib import Path

import pytest

from careplan.domain.conditions import Compare, Comparison
from careplan.domain.questionnaire import GroupKind
from careplan.library import check, compile_questionnaire
from tests.content.files import changed, line_of, write
from tests.content.grouped import GROUPED

ROW = "    show_if: {item: pain, at_least: 3}\n"


def test_the_groups_of_a_file_are_read_as_they_are_written() -> None:
    form = compile_questionnaire(GROUPED, "grouped.yaml")
    assert [(group.id, group.kind) for group in form.groups] == [
        ("where", GroupKind.MATRIX),
        ("medicines", GroupKind.REPEATS),
        ("sleep", GroupKind.PAGE),
    ]
    assert form.group("where").show_if == Compare("pain", Comparison.AT_LEAST, 3)
    assert [item.link_id for item in form.members("medicines")] == ["medicine-note", "medicine", "often", "dose"]
    assert form.group("medicines").at_most == 4
    assert form.repeats(form.item("dose"))
    assert not form.repeats(form.item("back"))
    assert form.openers(form.item("back")) == {"pain"}


def test_a_form_with_groups_has_no_faults(tmp_path: Path) -> None:
    assert check(write(tmp_path, **{"questionnaires/grouped.yaml": GROUPED})) == []


# what is changed, to what, where the message points (a passage of the changed text), the message
FAULTS = [
    ("    group: sleep\n", "    group: slepe\n", "group: slepe", "unknown group 'slepe'"),
    ("id: sleep, kind: page", "id: slumber, kind: page", "id: slumber", "no question stands in the group 'slumber'"),
    ("kind: page", "kind: table", "id: sleep", "'kind'"),
    ("kind: page", "kind: page, at_most: 3", "id: sleep", "'at_most' and 'add' belong to groups that repeat"),
    ("    at_most: 4\n", "", "id: medicines", "a group that repeats needs 'at_most'"),
    ("    at_most: 4\n", "    at_most: 40\n", "at_most: 40", "'at_most'"),
    ("id: sleep, kind", "id: where, kind", "id: where, kind: page", "the id 'where' stands twice in groups"),
    (
        "    group: where\n    type: scale\n    text: {sv: Huvudet}",
        "    type: scale\n    text: {sv: Huvudet}",
        "group: where\n    type: scale\n    text: {sv: Benen}",
        "the items of the group 'where' must stand in a row",
    ),
    (
        "  - link_id: slept\n    section: all",
        "  - link_id: slept\n    section: other",
        "section: other",
        "the items of the group 'sleep' stand in two sections",
    ),
    ("max: 10, low: {sv: Lätt}", "max: 5, low: {sv: Lätt}", "link_id: legs", "does not have the answers of 'back'"),
    ("    group: sleep\n    type: integer", "    group: where\n    type: integer", "link_id: hours", "is integer"),
    (ROW, "    show_if: {item: slept, is: well}\n", "{item: slept", "does not stand before the group 'where'"),
    (ROW, "    show_if: {item: back, at_least: 3}\n", "{item: back", "does not stand before the group 'where'"),
    ('{item: taken, is: "yes"}', "{item: often, is: daily}", "{item: often, is: daily}", "does not stand before"),
    (
        "    group: sleep\n    type: integer",
        "    group: sleep\n    show_if: {item: often, is: daily}\n    type: integer",
        "{item: often, is: daily}\n    type",
        "'often' is asked once for each instance of its group, and can open questions of its own instance only",
    ),
    ("items: [back, head, legs]", "items: [back, dose]", "id: burden", "never counts in a score"),
    ("{item: back, at_least: 8}", "{item: dose, at_least: 8}", "id: back-red", "no rule can look at it"),
    ("{item: back, at_least: 8}", "{any: [{item: dose, at_least: 8}]}", "id: back-red", "no rule can look at it"),
    ("    unit: {sv: tabletter}\n", "    unit: {sv: tabletter}\n    area: pain\n", "area: pain", "'area' does not go"),
    ("    unit: {sv: tabletter}\n", "    unit: {sv: tabletter}\n    wish: true\n", "wish: true", "'wish' does not go"),
]


@pytest.mark.parametrize(("old", "new", "passage", "message"), FAULTS, ids=[fault[3] for fault in FAULTS])
def test_a_misfit_is_named_by_its_line(tmp_path: Path, old: str, new: str, passage: str, message: str) -> None:
    text = changed(GROUPED, old, new)
    problems = check(write(tmp_path, **{"questionnaires/grouped.yaml": text}))
    found = [(problem.line, problem.message) for problem in problems if message in problem.message]
    assert found, [str(problem) for problem in problems]
    assert line_of(text, passage) in [line for line, _message in found]
