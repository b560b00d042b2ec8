"""What differs between two texts, sentence by sentence; and how far someone has read in the versions of a plan."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from difflib import SequenceMatcher
from enum import StrEnum

# Beyond this many sentences nobody reads a comparison, and it would take long to make: the whole stands for the whole.
MOST_SENTENCES = 2000

# How a reader meets a plan.
SCREEN, PAPER = "screen", "paper"

_END = re.compile(r"(?<=[.!?…])\s+(?=\S)")


class Kind(StrEnum):
    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence in both texts or in one of them."""

    kind: Kind
    text: str


def sentences(lines: Iterable[str]) -> list[str]:
    """A line ends a sentence, too."""
    return [part.strip() for line in lines for part in _END.split(line) if part.strip()]


def compared(before: Iterable[str], after: Iterable[str]) -> tuple[Piece, ...]:
    """Two texts, given as lines, as one text with what was taken away and what was added in its place."""
    old, new = sentences(before), sentences(after)
    if old == new:
        return tuple(Piece(Kind.SAME, text) for text in new)
    if len(old) + len(new) > MOST_SENTENCES:
        whole = ((Kind.REMOVED, " ".join(old)), (Kind.ADDED, " ".join(new)))
        return tuple(Piece(kind, text) for kind, text in whole if text)
    return tuple(_pieces(old, new))


def _pieces(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    for tag, from_, to, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from (Piece(Kind.SAME, text) for text in new[start:end])
        else:
            yield from (Piece(Kind.REMOVED, text) for text in old[from_:to])
            yield from (Piece(Kind.ADDED, text) for text in new[start:end])


def differs(pieces: Iterable[Piece]) -> bool:
    return any(piece.kind is not Kind.SAME for piece in pieces)


def around_changes(pieces: Sequence[Piece]) -> tuple[Piece | None, ...]:
    """The changes with one sentence before and after each; None where more of what is the same is left out."""
    near = {place + step for place, piece in enumerate(pieces) if piece.kind is not Kind.SAME for step in (-1, 0, 1)}
    shown: list[Piece | None] = []
    for place, piece in enumerate(pieces):
        if place in near:
            shown.append(piece)
        elif shown[-1:] != [None]:
            shown.append(None)
    return tuple(shown)


def moved(before: Sequence[str], after: Sequence[str]) -> list[str]:
    """What stands in both, and has changed places with others that do."""
    both = set(before) & set(after)
    old, new = [each for each in before if each in both], [each for each in after if each in both]
    if old == new:
        return []
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    kept = {each for block in blocks for each in old[block.a : block.a + block.size]}
    return [each for each in new if each not in kept]


@dataclass(frozen=True, slots=True)
class ReadMark:
    """How far a reader has come: `number` is the last version that they met, `since` the one read before it."""

    number: int
    since: int  # 0: none
    read_at: datetime


def read_on_screen(mark: ReadMark | None, number: int, *, at: datetime, day: date, day_read: date | None) -> ReadMark:
    """The mark after meeting version `number`. What is new stays marked the day that it is met, and is then read."""
    if mark is None or number > mark.number:
        return ReadMark(number, mark.number if mark else 0, at)
    if mark.since != mark.number and day_read is not None and day > day_read:
        return ReadMark(mark.number, mark.number, mark.read_at)
    return mark


def printed(mark: ReadMark | None, number: int, *, at: datetime) -> ReadMark:
    """The mark after version `number` was printed for the reader: the same sheet can be printed again."""
    if mark is None:
        return ReadMark(number, 0, at)
    return ReadMark(number, mark.number, at) if number > mark.number else mark


def new_since(mark: ReadMark | None, newest: int) -> int:
    """The version to compare the newest one with; 0 where the reader has met none before."""
    if mark is None:
        return 0
    return mark.number if mark.number < newest else mark.since
