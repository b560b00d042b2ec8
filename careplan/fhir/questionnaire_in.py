"""A FHIR R4 Questionnaire, or an R5 one in R4's names, to a draft in the content format.

The draft holds what is mapped in the content's own keys, and under `kept` every element of the file as it came.
Nothing of the file is run or rendered: no expression, no regular expression, no XHTML."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from careplan.domain.questionnaire import GroupKind, ItemType
from careplan.fhir import r5
from careplan.fhir.answer_options import ReadOption
from careplan.fhir.conditions import Tree, all_of
from careplan.fhir.extensions import (
    ENTRY_FORMAT,
    ITEM_CONTROL,
    MAX_OCCURS,
    SHORT_TEXT,
    SLIDER_STEP,
    UNDERSTOOD,
    texts,
    value_of,
)
from careplan.fhir.groups_in import most_instances
from careplan.fhir.item_types import precision_of
from careplan.fhir.names import FIRST_SECTION, slug
from careplan.fhir.reading import FileReader, texts_of
from careplan.fhir.report import FileRefused, ItemReport, KeptElement, Report
from careplan.fhir.structure import Node, grown
from careplan.fhir.wire import Json, found_key, read_json, write_json
from careplan.library.document import content_hash

_STATUSES = frozenset({"draft", "active", "retired", "unknown"})
_TEXTS = ("id", "url", "version", "name", "title", "status", "language", "copyright")
# What an item of ours carries; anything else of a mapped item does nothing and is listed.
_OPTIONS = {"answerOption", "answerValueSet"}
_CARRIED = frozenset({"linkId", "type", "text", "_text", "enableWhen", "enableBehavior", "repeats"} | _OPTIONS)
_CARRIED_OF_ROOT = frozenset({"resourceType", "id", "version", "title", "_title", "language", "item"})

Draft = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Imported:
    draft: Draft
    report: Report


def read_questionnaire(data: bytes) -> Imported:
    """Raises FileRefused where nothing of the file is taken."""
    return import_questionnaire(read_json(data))


def import_questionnaire(resource: Any) -> Imported:
    _check_questionnaire(resource)
    nodes = grown(resource)
    if not nodes:
        raise FileRefused("the questionnaire has no items")
    source = {key: value for key, value in resource.items() if key != "item"}
    reader = FileReader(source, nodes)
    reader.read()
    if all(node.refusal for node in nodes):
        raise FileRefused(f"no item is left: {nodes[0].path} '{nodes[0].link_id}': {nodes[0].refusal}")
    writer = _Writer(source, reader)
    return Imported(writer.draft(), writer.report())


def _check_questionnaire(resource: Any) -> None:
    if not isinstance(resource, dict) or resource.get("resourceType") != "Questionnaire":
        raise FileRefused("the file is no FHIR Questionnaire")
    for key in _TEXTS:
        if not isinstance(resource.get(key, ""), str):
            raise FileRefused(f"'{key}' must be a text")
    if resource.get("status", "draft") not in _STATUSES:
        raise FileRefused(f"the status '{resource['status']}' is unknown")
    root = {key: value for key, value in resource.items() if key != "item"}
    if found_key(root, "modifierExtension"):
        raise FileRefused("a modifier extension changes the meaning of the whole questionnaire, and none is known here")
    if "implicitRules" in resource:
        raise FileRefused("implicitRules change the meaning of the whole questionnaire, and none are known here")


class _Writer:
    """From what was read to a draft and a report."""

    def __init__(self, source: Json, reader: FileReader) -> None:
        self.source, self.reader = source, reader
        self.root, self.lang, self.nodes = reader.root, reader.lang, reader.nodes
        self.names, self.readings = reader.names, reader.readings

    def draft(self) -> Draft:
        root, lang = self.root, self.lang
        title = str(root.get("title") or root.get("name") or root.get("id") or "")
        name = slug(str(root.get("id") or root.get("name") or title or "imported"), "questionnaire")
        copyright_note = root.get("copyright", "the file says nothing of a licence")
        draft: Draft = {"id": name}
        if root.get("version"):
            draft["version"] = root["version"]
        items = list(self._items())
        sections = list(self._sections({item["section"] for item in items}, title))
        given = [part.get("text") or part["title"] for part in (*items, *sections)]
        others = {other for text in given for other in text if other != lang}
        languages = {lang: "original"} | dict.fromkeys(sorted(others), "translated")
        if title:
            draft["title"] = texts(title, root.get("_title"), lang)
        return draft | {
            "languages": languages,
            "licence": {"kind": "imported", "note": copyright_note},
            "sources": [
                {"title": title or name, "reference": str(root.get("url") or name), "note": "FHIR Questionnaire"},
            ],
            "review": {"status": "not-reviewed"},
            "sections": sections,
            **({"groups": groups} if (groups := list(self._groups())) else {}),
            "items": items,
            "scoring": {"status": "undeclared"} | ({"weights": weights} if (weights := self._weights()) else {}),
            "kept": self._kept(),
        }

    def _items(self) -> Iterator[Json]:
        for node, reading in self.readings.items():
            if node not in self.names:
                continue
            item: Json = {
                "link_id": self.names[node],
                "section": self._section_of(node),
                "type": reading.type.value,
                "text": texts_of(node, self.lang),
            }
            item |= self._hint(node)
            short = value_of(node.element, SHORT_TEXT, "String")
            if isinstance(short, str) and short.strip():
                item["short"] = {self.lang: short}
            item |= reading.fields
            if node.parent in self.reader.groups:
                item["group"] = self.names[node.parent]
            yield item | self._shown(node)

    def _groups(self) -> Iterator[Json]:
        for node, kind in self.reader.groups.items():
            group: Json = {"id": self.names[node], "kind": kind.value, "text": texts_of(node, self.lang)}
            if kind is GroupKind.REPEATS:
                group["at_most"] = most_instances(node)
            yield group | self._hint(node) | self._shown(node)

    def _hint(self, node: Node) -> Json:
        hint = self.reader.parts.get(node, {}).get("hint")
        return {"hint": texts_of(hint, self.lang)} if hint is not None and self.reader.is_asked(hint) else {}

    def _shown(self, node: Node) -> Json:
        condition = all_of(self.reader.conditions_of(node))
        names = {node.link_id: name for node, name in self.names.items()}
        return {} if condition is None else {"show_if": renamed(condition, names)}

    def _section_of(self, node: Node) -> str:
        around = reversed([*node.ancestors])
        groups = self.reader.groups
        return next((self.names[each] for each in around if each in self.names and each not in groups), FIRST_SECTION)

    def _sections(self, used: set[str], title: str) -> Iterator[Json]:
        if FIRST_SECTION in used:
            yield {"id": FIRST_SECTION, "title": {self.lang: title or "–"}}
        for node, name in self.names.items():
            if node.is_group and node not in self.reader.groups and name in used:
                heads = [texts_of(each, self.lang) for each in (*node.ancestors, node) if each in self.names]
                title_in = {lang: " – ".join(text.get(lang, text[self.lang]) for text in heads) for lang in heads[-1]}
                yield {"id": name, "title": title_in}

    def _weights(self) -> Json:
        """What the file lets its options weigh: a proposal, until somebody declares the scoring."""
        return {
            self.names[node]: weights
            for node, reading in self.readings.items()
            if node in self.names and (weights := _weights_of(reading.options))
        }

    def _kept(self) -> Json:
        questionnaire = write_json(self.source)
        items = [self._kept_item(node) for node in self.nodes if not node.refusal]
        return {
            "fhir_version": self._version(),
            "hash": hash_of(questionnaire, items),
            "questionnaire": questionnaire,
            "items": items,
            "refused": [
                {"path": node.path, "link_id": node.link_id, "reason": node.refusal}
                for node in self.nodes
                if node.refusal
            ],
        }

    def _kept_item(self, node: Node) -> Json:
        """The item as it came, without its children, and what it became."""
        entry: Json = {"path": node.path, "fate": self.reader.fate_of(node).value}
        if node.kept:
            entry["reason"] = node.kept
        elif (role := self.reader.role_of(node)) is not None:
            entry[f"{role[0]}_of"] = role[1]
        elif node in self.names:
            role_here = "group" if node in self.reader.groups else "section" if node.is_group else "link_id"
            entry[role_here] = self.names[node]
        return entry | {"json": write_json(node.source)}

    def _version(self) -> str:
        return "R5" if r5.is_r5(self.source) or any(r5.is_r5(node.source) for node in self.nodes) else "R4"

    def report(self) -> Report:
        items = tuple(
            ItemReport(
                node.path, node.link_id, self.reader.fate_of(node), self._became(node), node.refusal or node.kept
            )
            for node in self.nodes
        )
        remarks = [] if "status" in self.root else ["the file has no status: read as a draft"]
        remarks += ["the file does not say its language"] if self.lang == "und" else []
        return Report(self._version(), items, tuple(self._elements()), tuple(remarks))

    def _became(self, node: Node) -> str:
        role = self.reader.role_of(node) if self.reader.is_asked(node) else None
        if role is not None:
            return " of ".join(role)
        if node not in self.names:
            return ""
        name = self.names[node]
        if node in self.reader.groups:
            return f"group {name} ({self.reader.groups[node].value})"
        return f"section {name}" if node.is_group else f"{name} ({self.readings[node].type.value})"

    def _elements(self) -> Iterator[KeptElement]:
        yield from _elements_of(self.root, "Questionnaire", _CARRIED_OF_ROOT, UNDERSTOOD)
        for node in self.nodes:
            if self.reader.is_asked(node):
                yield from _elements_of(node.element, node.path, _CARRIED, UNDERSTOOD | self._used(node))

    def _used(self, node: Node) -> set[str]:
        """The addresses of extensions that have made this item what it is here."""
        reading = self.readings.get(node)
        if node in self.reader.groups or self.reader.role_of(node) is not None:
            return {ITEM_CONTROL, MAX_OCCURS}
        if reading is not None and reading.type in (ItemType.SCALE, ItemType.VAS):
            return {ITEM_CONTROL, SLIDER_STEP}
        return {ENTRY_FORMAT} if precision_of(node.element) else set()


def hash_of(questionnaire: str, items: Sequence[Mapping[str, Any]]) -> str:
    """Of what a file held, as it was kept: nobody edits that."""
    return content_hash("\n".join([questionnaire, *(f"{item['path']} {item['json']}" for item in items)]))


def renamed(tree: Tree, names: Mapping[str, str]) -> Tree:
    """With other link ids."""
    if "item" in tree:
        return tree | {"item": names[tree["item"]]}
    ((word, part),) = tree.items()
    return {word: renamed(part, names) if word == "not" else [renamed(each, names) for each in part]}


def _weights_of(options: Sequence[ReadOption]) -> dict[str, float]:
    return {option.value: option.weight for option in options if option.weight is not None}


def _elements_of(element: Json, path: str, carried: frozenset[str], understood: Set[str]) -> Iterator[KeptElement]:
    for key, value in element.items():
        if key in carried:
            continue
        if key != "extension" or not isinstance(value, list):
            yield KeptElement(f"{path}.{key}")
            continue
        for number, extension in enumerate(value):
            url = str(extension.get("url")) if isinstance(extension, dict) else ""
            if url not in understood:
                yield KeptElement(f"{path}.extension[{number}]", url[:200])
