"""A signed version as it is stored, and as it is read: texts shared by all patients, and this patient's own facts.

A text keeps its placeholders. What they stood for when the plan was signed lies beside it, so that one text serves
every patient who was ever given it, and still reads the same when the template, the nurse or the unit is another.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from markupsafe import escape

from careplan.domain.comparing import moved
from careplan.domain.empty_facts import without_holes
from careplan.domain.errors import CareplanError

Content = dict[str, Any]
Facts = Mapping[str, Mapping[str, str]]

_PLACEHOLDER = re.compile(r"\{\{\s*([a-z_]+)\.([a-z_]+)\s*\}\}")


class MissingFact(CareplanError):
    """A text asks for a fact that was not given."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def filled(html: str, facts: Facts) -> str:
    """The text with the facts in their places, escaped. What a fact says is never read as a placeholder."""
    if "{{" not in html:  # nearly all texts
        return html
    html = without_holes(html, facts)

    def fact(found: re.Match[str]) -> str:
        try:
            return str(escape(facts[found[1]][found[2]]))
        except KeyError:
            raise MissingFact(f"{found[1]}.{found[2]}") from None

    return _PLACEHOLDER.sub(fact, html)


def asked_for(text: Content) -> frozenset[tuple[str, str]]:
    """The facts that a stored text asks for: group and name."""
    return frozenset((found[1], found[2]) for part in _parts(text) for found in _PLACEHOLDER.finditer(part))


def assembled(skeleton: Content, texts: Mapping[str, Content], facts: Facts) -> Content:
    """What the patient reads (models.PlanRevision): each chapter's text in its place, with its note and its mark."""

    def whole(entries: list[Content]) -> list[Content]:
        return [_chapter(entry, texts[entry["text"]], facts) for entry in entries]

    return skeleton | {
        "phases": [phase | {"chapters": whole(phase["chapters"])} for phase in skeleton["phases"]],
        "always": whole(skeleton["always"]),
    }


def entries_in(skeleton: Content) -> Iterator[Content]:
    """The places of all chapters in the order of the page; of assembled content, the chapters themselves."""
    for phase in skeleton["phases"]:
        yield from phase["chapters"]
    yield from skeleton["always"]


def moved_chapters(before: Content, after: Content) -> list[str]:
    """Under another heading, or in another order there. A heading is known by its phase, whatever it is called now."""
    old, new = _ids(before), _ids(after)
    was = {each: phase for phase, ids in old.items() for each in ids}
    found = {each for phase, ids in new.items() for each in moved(old.get(phase, []), ids)}
    found |= {each for phase, ids in new.items() for each in ids if was.get(each, phase) != phase}
    return [chapter["id"] for chapter in entries_in(after) if chapter["id"] in found]


def _ids(content: Content) -> dict[str, list[str]]:
    phases = {phase["id"]: [each["id"] for each in phase["chapters"]] for phase in content["phases"]}
    return phases | {"": [each["id"] for each in content["always"]]}


def _chapter(entry: Content, text: Content, facts: Facts) -> Content:
    whole = text | {"note": entry.get("note", ""), "changed": entry.get("changed")}
    if any("{{" in part for part in _parts(text)):
        for name in ("key", "call", "intro"):
            if text[name]:
                whole[name] = filled(text[name], facts)
        sections = (
            {"title": filled(section["title"], facts), "html": filled(section["html"], facts)}
            for section in text["sections"]
        )
        whole["sections"] = [section for section in sections if section["title"] and section["html"]]
    return whole


def _parts(text: Content) -> Iterator[str]:
    yield from (text[name] for name in ("key", "call", "intro") if text[name])
    for section in text["sections"]:
        yield section["title"]
        yield section["html"]
