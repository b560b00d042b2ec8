"""The order of chapters: what the nurse moved, and where new ones come."""

import pytest

from careplan.domain.chapter_order import arranged, reordered
from careplan.domain.empty_facts import without_holes

FACTS = {"unit": {"parking": "", "name": "Mottagningen", "wards": " "}}


@pytest.mark.parametrize(
    ("places", "order"),
    [
        ({}, "abcd"),
        ({"d": 1}, "dabc"),
        ({"a": 4}, "bcda"),
        ({"a": 99}, "bcda"),
        ({"a": 0}, "abcd"),
        ({"c": 1, "d": 2}, "cdab"),
        ({"c": 1, "d": 1}, "cdab"),
        ({"b": 2}, "abcd"),
        ({"elsewhere": 1}, "abcd"),
    ],
)
def test_a_chapter_gets_the_place_that_was_typed(places: dict[str, int], order: str) -> None:
    assert "".join(reordered("abcd", places)) == order


@pytest.mark.parametrize(
    ("positions", "order"),
    [
        ({}, "abcd"),
        ({"a": 0, "b": 1, "c": 2, "d": 3}, "abcd"),
        ({"d": 0, "a": 1, "c": 2}, "dabc"),  # b follows a, as in the template
        ({"d": 0, "c": 2}, "abdc"),  # a is first there
        ({"d": 0, "own": 1, "a": 2, "b": 3, "c": 4}, "downabc"),
    ],
)
def test_what_has_no_place_yet_follows_what_it_follows_in_the_template(positions: dict[str, int], order: str) -> None:
    assert "".join(arranged("abcd", positions)) == order


@pytest.mark.parametrize(
    ("html", "left"),
    [
        ("<p>Kom till {{ unit.name }}.</p>", "<p>Kom till {{ unit.name }}.</p>"),
        ("<p>Parkera {{ unit.parking }}.</p>\n<p>Hej.</p>", "<p>Hej.</p>"),
        ("<ul>\n<li>A</li>\n<li>B {{ unit.parking }}</li>\n</ul>", "<ul>\n<li>A</li>\n</ul>"),
        ("<ul>\n<li><p>B {{ unit.wards }}</p></li>\n</ul>", ""),
        ("<ul><li>A<ul><li>B {{ unit.parking }}</li></ul></li></ul>", "<ul><li>A</li></ul>"),
        ("<table><tbody><tr><td>{{ unit.parking }}</td></tr></tbody></table>", "<table></table>"),
        ("Parkering {{ unit.parking }}", ""),
        ("<p>{{ unit.nobody }}</p>", "<p>{{ unit.nobody }}</p>"),
    ],
)
def test_a_fact_that_is_empty_takes_its_paragraph_away_and_leaves_no_hole(html: str, left: str) -> None:
    assert without_holes(html, FACTS) == left
