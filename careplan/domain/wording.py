"""How two versions of a text differ: sentence by sentence, and within a changed sentence word by word."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Kind = Literal["same", "added", "removed", "changed", "gap"]

_END = re.compile(r"(?<=[.!?])\s+(?=[^\W\d_a-zåäö])")
# Sentences that have less in common than this are two, not one that was changed.
_ALIKE = 0.5
_AROUND = 1


@dataclass(frozen=True, slots=True)
class Piece:
    kind: Literal["same", "added", "removed"]
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence. `line` is where it stands in the newer text, in the older one where it was removed; from 1."""

    kind: Kind
    line: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class _Sentence:
    line: int
    text: str


def compared(before: str, after: str) -> tuple[Passage, ...]:
    """All that differs, with a sentence around it; "gap" stands for what is left out. Empty where nothing differs."""
    old, new = _sentences(before), _sentences(after)
    matcher = SequenceMatcher(None, [each.text for each in old], [each.text for each in new], autojunk=False)
    passages: list[Passage] = []
    for tag, start, end, first, last in matcher.get_opcodes():
        if tag == "equal":
            passages += [_passage("same", each) for each in new[first:last]]
        else:
            passages += _replaced(old[start:end], new[first:last])
    return tuple(_near(passages))


def count(passages: Sequence[Passage], kind: Kind) -> int:
    return sum(passage.kind == kind for passage in passages)


def _sentences(text: str) -> list[_Sentence]:
    return [
        _Sentence(number, sentence)
        for number, line in enumerate(text.splitlines(), start=1)
        for sentence in _END.split(line.strip())
        # The lines that part a file and close a box say nothing by themselves.
        if any(letter.isalnum() for letter in sentence)
    ]


def _replaced(old: list[_Sentence], new: list[_Sentence]) -> Iterator[Passage]:
    """Sentences in the place of others: each of the old ones by the first of the new that is like it."""
    left = list(new)
    for sentence in old:
        like = next((each for each in left if _are_alike(sentence.text, each.text)), None)
        if like is None:
            yield _passage("removed", sentence)
            continue
        while left[0] is not like:
            yield _passage("added", left.pop(0))
        left.pop(0)
        yield Passage("changed", like.line, tuple(_words(sentence.text, like.text)))
    for sentence in left:
        yield _passage("added", sentence)


def _are_alike(one: str, other: str) -> bool:
    return SequenceMatcher(None, one.split(), other.split(), autojunk=False).ratio() >= _ALIKE


def _words(before: str, after: str) -> Iterator[Piece]:
    old, new = before.split(), after.split()
    for tag, start, end, first, last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece("same", " ".join(new[first:last]))
            continue
        if start < end:
            yield Piece("removed", " ".join(old[start:end]))
        if first < last:
            yield Piece("added", " ".join(new[first:last]))


def _passage(kind: Literal["same", "added", "removed"], sentence: _Sentence) -> Passage:
    return Passage(kind, sentence.line, (Piece(kind, sentence.text),))


def _near(passages: list[Passage]) -> Iterator[Passage]:
    differing = [index for index, passage in enumerate(passages) if passage.kind != "same"]
    kept = {near for index in differing for near in range(index - _AROUND, index + _AROUND + 1)}
    was_kept = True
    for index, passage in enumerate(passages):
        is_kept = index in kept
        if is_kept:
            yield passage
        elif was_kept and differing:
            yield Passage("gap", passage.line, ())
        was_kept = is_kept
