"""Two signed versions of a plan beside each other: what was added, taken away, moved and written anew."""

from collections.abc import Iterator
from dataclasses import dataclass

from careplan.domain.comparing import Piece, compared, differs
from careplan.domain.revision import Content, moved_chapters
from careplan.i18n import _
from careplan.library.plain import plain_lines


@dataclass(frozen=True, slots=True)
class Part:
    """Of a chapter: the text under one heading, sentence by sentence. The heading is empty for the open text."""

    heading: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class ChapterChange:
    """A chapter that is in both versions. `parts` hold only what differs, and `note` is empty where it is the same."""

    id: str
    title: str
    lang: str
    note: tuple[Piece, ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """A chapter by name, with the heading that it stands under."""

    id: str
    title: str
    lang: str
    under: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """`here` is where in the care the patient is said to be, before and after; None where that is the same.

    `languages`, too, holds what it was before and after. Texts in two languages are not compared.
    """

    languages: tuple[str, str] | None
    greeting: tuple[Piece, ...]
    here: tuple[str, str] | None
    added: tuple[Placed, ...]
    removed: tuple[Placed, ...]
    moved: tuple[Placed, ...]
    changed: tuple[ChapterChange, ...]

    @property
    def is_empty(self) -> bool:
        return not (
            self.languages or self.greeting or self.here or self.added or self.removed or self.moved or self.changed
        )

    def chapter(self, chapter_id: str) -> ChapterChange | None:
        return next((each for each in self.changed if each.id == chapter_id), None)


def compare(before: Content, after: Content) -> Comparison:
    old, new = dict(_placed(before)), dict(_placed(after))
    here = (_here(before), _here(after))
    return Comparison(
        languages=(before["lang"], after["lang"]) if before["lang"] != after["lang"] else None,
        greeting=_changed_text(before["greeting"], after["greeting"]),
        here=here if before["phase"] != after["phase"] else None,
        added=tuple(new[each][1] for each in new if each not in old),
        removed=tuple(old[each][1] for each in old if each not in new),
        moved=tuple(new[each][1] for each in moved_chapters(before, after)),
        changed=tuple(
            change
            for each in new
            if each in old and (change := compare_chapters(old[each][0], new[each][0])) is not None
        ),
    )


def compare_chapters(before: Content, after: Content) -> ChapterChange | None:
    """None where both read the same."""
    note = _changed_text(before["note"], after["note"])
    parts = tuple(_parts(before, after)) if before["lang"] == after["lang"] else ()
    if not note and not parts:
        return None
    return ChapterChange(after["id"], after["title"], after["lang"], note, parts)


def _parts(before: Content, after: Content) -> Iterator[Part]:
    if before["title"] != after["title"]:
        yield Part(_("Rubriken"), compared([before["title"]], [after["title"]]))
    old, new = _texts(before), _texts(after)
    for name in dict.fromkeys((*new, *old)):
        heading = {"key": _("Det viktigaste nu"), "call": _("Ring direkt, dygnet runt"), "intro": ""}.get(name, name)
        if old.get(name, "") != new.get(name, ""):
            pieces = compared(plain_lines(old.get(name, "")), plain_lines(new.get(name, "")))
            if differs(pieces):  # and not only marks that carry no words
                yield Part(" ".join(plain_lines(heading)), pieces)


def _texts(chapter: Content) -> dict[str, str]:
    """What stands under each heading of a chapter."""
    boxes = {name: chapter[name] for name in ("key", "call", "intro") if chapter[name]}
    return boxes | {section["title"]: section["html"] for section in chapter["sections"]}


def _changed_text(before: str, after: str) -> tuple[Piece, ...]:
    return () if before == after else compared(before.splitlines(), after.splitlines())


def _placed(content: Content) -> Iterator[tuple[str, tuple[Content, Placed]]]:
    for under, chapters in _groups(content):
        for each in chapters:
            yield each["id"], (each, Placed(each["id"], each["title"], each["lang"], under))


def _groups(content: Content) -> Iterator[tuple[str, list[Content]]]:
    for phase in content["phases"]:
        yield phase["title"], phase["chapters"]
    yield _("Gäller hela tiden"), content["always"]


def _here(content: Content) -> str:
    return next((phase["title"] for phase in content["phases"] if phase["id"] == content["phase"]), "")
