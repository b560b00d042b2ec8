"""How two versions of a text differ, as an editor reads it."""

import pytest

from careplan.domain.wording import compared, count

BEFORE = "Du kan äta som vanligt. Drick mycket.\n\nRing oss om du får feber."


def said(before: str, after: str) -> list[tuple[str, list[tuple[str, str]]]]:
    passages = compared(before, after)
    return [(each.kind, [(piece.kind, piece.text) for piece in each.pieces]) for each in passages]


def test_texts_that_are_the_same_have_no_difference() -> None:
    assert compared(BEFORE, BEFORE) == ()


def test_a_changed_sentence_shows_the_words_that_went_and_those_that_came() -> None:
    after = BEFORE.replace("får feber", "får 38 graders feber")
    assert said(BEFORE, after)[-1] == (
        "changed",
        [("same", "Ring oss om du får"), ("added", "38 graders"), ("same", "feber.")],
    )


@pytest.mark.parametrize(
    ("after", "added", "removed", "changed"),
    [
        (BEFORE + " Ring dygnet runt.", 1, 0, 0),
        (BEFORE.replace(" Drick mycket.", ""), 0, 1, 0),
        (BEFORE.replace("Drick mycket.", "Sov när du behöver det."), 1, 1, 0),
        (BEFORE.replace("som vanligt", "vad du vill"), 0, 0, 1),
        ("", 0, 3, 0),
    ],
)
def test_sentences_are_counted_as_added_removed_and_changed(after: str, added: int, removed: int, changed: int) -> None:
    passages = compared(BEFORE, after)
    assert (count(passages, "added"), count(passages, "removed"), count(passages, "changed")) == (
        added,
        removed,
        changed,
    )


def test_what_is_far_from_any_change_is_left_out() -> None:
    long = "\n".join(f"Mening nummer {number}." for number in range(50))
    kinds = [each.kind for each in compared(long, long + "\nEn till.")]
    assert kinds == ["gap", "same", "added"]


def test_a_passage_knows_its_line_in_the_newer_text() -> None:
    assert [each.line for each in compared("Ett.\nTvå.", "Ett.\n\n\nTre.") if each.kind == "added"] == [4]


@pytest.mark.parametrize("text", ["", "\n\n", "🙂 Ord.", "مرحبا. كيف?", "x" * 5000])
def test_any_text_can_be_compared_with_any_other(text: str) -> None:
    compared(text, BEFORE)
    compared(BEFORE, text)
