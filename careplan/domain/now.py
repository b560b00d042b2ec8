"""What is most important now: the key texts of the phase where the patient is, short enough to be read at once."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MOST_WORDS, MOST_CHAPTERS = 150, 3

_POINT = re.compile(r"<(li|p)>(.*?)</\1>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Point:
    """A chapter with what matters most in it; each text is clean HTML within one line."""

    chapter_id: str
    title: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Now:
    """`phase` is the title of where the patient is; empty where the plan does not say."""

    phase: str
    points: tuple[Point, ...]


def most_important(content: Mapping[str, Any]) -> Now:
    """From the first chapters of the present phase that say what matters most; else from what always holds."""
    here = next((phase for phase in content["phases"] if phase["id"] == content["phase"]), None)
    first = here or next(iter(content["phases"]), None)
    chosen = _with_key(first["chapters"]) if first else []
    return Now(here["title"] if here else "", _fitting((chosen or _with_key(content["always"]))[:MOST_CHAPTERS]))


def words_in(html: str) -> int:
    return len(_TAG.sub(" ", html).split())


def _with_key(chapters: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [chapter for chapter in chapters if chapter["key"]]


def _fitting(chapters: Sequence[dict[str, Any]]) -> tuple[Point, ...]:
    """The first text of each chapter, then the second of each, as long as they are not too many words together."""
    texts = [[found[2] for found in _POINT.finditer(chapter["key"])] for chapter in chapters]
    kept: list[list[str]] = [[] for _chapter in chapters]
    words = sum(words_in(chapter["title"]) for chapter in chapters)
    for place in range(max(map(len, texts), default=0)):
        for chapter, points in zip(kept, texts, strict=True):
            if place >= len(points):
                continue
            words += words_in(points[place])
            if words > MOST_WORDS:
                return _points(chapters, kept)
            chapter.append(points[place])
    return _points(chapters, kept)


def _points(chapters: Sequence[dict[str, Any]], kept: Sequence[Sequence[str]]) -> tuple[Point, ...]:
    pairs = zip(chapters, kept, strict=True)
    return tuple(Point(chapter["id"], chapter["title"], tuple(texts)) for chapter, texts in pairs if texts)
