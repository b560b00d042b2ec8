"""Two texts beside each other, sentence by sentence; and how far someone has read."""

import time
from datetime import date, timedelta

import pytest

from careplan.domain.comparing import (
    Kind,
    Piece,
    ReadMark,
    around_changes,
    compared,
    differs,
    moved,
    new_since,
    printed,
    read_on_screen,
    sentences,
)
from tests.make import MONDAY

NEXT_DAY = MONDAY + timedelta(days=1)


def test_a_line_and_a_full_stop_end_a_sentence():
    assert sentences(["Vila ofta. Ring om du undrar!", "- Ät lite", ""]) == [
        "Vila ofta.",
        "Ring om du undrar!",
        "- Ät lite",
    ]


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [
        (["Vila."], ["Vila."], [("same", "Vila.")]),
        ([], ["Vila."], [("added", "Vila.")]),
        (["Vila."], [], [("removed", "Vila.")]),
        (
            ["Vila ofta. Ring Karin. Sov."],
            ["Vila ofta. Ring Nils. Sov."],
            [("same", "Vila ofta."), ("removed", "Ring Karin."), ("added", "Ring Nils."), ("same", "Sov.")],
        ),
    ],
)
def test_what_was_taken_away_stands_before_what_came_in_its_place(before, after, pieces):
    found = compared(before, after)
    assert [(piece.kind, piece.text) for piece in found] == pieces
    assert differs(found) == (before != after)


def test_of_two_very_long_texts_each_stands_whole_and_at_once():
    before, after = ([f"{word} {number}." for number in range(30_000)] for word in ("Vila", "Sov"))
    started = time.process_time()
    found = compared(before, after)
    assert time.process_time() - started < 1
    assert [piece.kind for piece in found] == [Kind.REMOVED, Kind.ADDED]
    assert [piece.text for piece in found] == [" ".join(before), " ".join(after)]
    assert compared([], after) == found[1:]


def test_around_each_change_stands_one_sentence_and_the_rest_is_left_out():
    same = [Piece(Kind.SAME, str(number)) for number in range(7)]
    added = Piece(Kind.ADDED, "ny")
    shown = around_changes([*same[:4], added, *same[4:]])
    assert shown == (None, same[3], added, same[4], None)


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        (["a", "b", "c"], ["a", "b", "c"], []),
        (["a", "b", "c"], ["a", "x", "c"], []),
        (["a", "b", "c"], ["c", "a", "b"], ["c"]),
    ],
)
def test_only_what_changed_places_with_others_has_moved(before, after, found):
    assert moved(before, after) == found


def on(mark: ReadMark | None, number: int, at=MONDAY) -> ReadMark:
    return read_on_screen(mark, number, at=at, day=at.date(), day_read=mark.read_at.date() if mark else None)


def test_the_first_version_that_someone_reads_is_compared_with_nothing():
    mark = on(None, 3)
    assert (mark.number, new_since(mark, 3)) == (3, 0)
    assert new_since(None, 3) == 0


def test_what_is_new_stays_marked_the_day_that_it_is_read_and_no_longer():
    first = on(None, 1)
    assert new_since(first, 2) == 1  # before it is read, too
    second = on(first, 2, NEXT_DAY)
    assert new_since(second, 2) == new_since(on(second, 2, NEXT_DAY + timedelta(hours=3)), 2) == 1
    later = on(second, 2, NEXT_DAY + timedelta(days=1))
    assert new_since(later, 2) == 2
    assert on(later, 2, NEXT_DAY + timedelta(days=9)) == later


def test_several_versions_since_last_time_are_compared_as_one():
    assert new_since(on(on(None, 1), 4, NEXT_DAY), 4) == 1


def test_an_old_version_read_again_changes_nothing():
    mark = ReadMark(3, 3, MONDAY)
    assert on(mark, 2, NEXT_DAY) == mark


def test_what_is_new_on_paper_can_be_printed_again_until_there_is_something_newer():
    first = printed(None, 1, at=MONDAY)
    assert new_since(first, 1) == 0
    second = printed(first, 2, at=NEXT_DAY)
    again = printed(second, 2, at=NEXT_DAY + timedelta(days=30))
    assert again == second and new_since(again, 2) == 1
    assert new_since(again, 3) == 2


def test_a_day_is_the_readers_own():
    mark = ReadMark(2, 1, MONDAY)
    assert read_on_screen(mark, 2, at=MONDAY, day=date(2026, 11, 16), day_read=date(2026, 11, 16)) == mark
