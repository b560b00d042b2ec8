"""A FHIR R4 Questionnaire, or an R5 one in R4's names, to a draft in the content format.

The draft holds what is mapped in the content's own keys, and under `kept` every element of the file as it came.
Nothing of the file is run or rendered: no expression, no regular expression, no XHTML."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from careplan.domain.questionnaire import ItemType
from careplan.fhir import r5
from careplan.fhir.answer_options import NotAsked, ReadOption, Wrong
from careplan.fhir.conditions import Tree, all_of, chosen, not_compared, numeric, read_tree
from careplan.fhir.extensions import (
    ITEM_CONTROL,
    SHORT_TEXT,
    UNDERSTOOD,
    language_key,
    translations,
    value_of,
)
from careplan.fhir.item_types import GROUP, TYPES, Reading, Surroundings, limits_of, read_item, refrain_from
from careplan.fhir.report import Fate, FileRefused, ItemReport, KeptElement, Report
from careplan.fhir.structure import Node, grown, refuse_misshapen, refuse_tangles, spread
from careplan.fhir.wire import Json, found_key, read_json, write_json

_STATUSES = frozenset({"draft", "active", "retired", "unknown"})
_TEXTS = ("id", "url", "version", "name", "title", "status", "language", "copyright")
_MOST_LEAVES = 2000
_FIRST_SECTION = "questions"  # of what stands in no group
_HINTS = frozenset({"", "help", "flyover", "instructions", "prompt"})
# What an item of ours carries; anything else of a mapped item does nothing and is listed.
_CARRIED = frozenset({"linkId", "type", "text", "_text", "enableWhen", "enableBehavior", "answerOption", "repeats"})
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
    reader = _Reader(resource, nodes)
    reader.read()
    if all(node.refusal for node in nodes):
        raise FileRefused(f"no item is left: {nodes[0].path} '{nodes[0].link_id}': {nodes[0].refusal}")
    return Imported(reader.draft(), reader.report())


def slug(text: str, otherwise: str) -> str:
    """The nearest id that content may have."""
    words = re.sub(r"[^a-z0-9]+", "-", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", text).lower()).strip("-")[:60].strip("-")
    if not words:
        return otherwise
    return words if words[0].isalpha() else f"{otherwise}-{words}"


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


class _Reader:
    """One file's way from nodes to a draft."""

    def __init__(self, resource: Json, nodes: Sequence[Node]) -> None:
        self.source = {key: value for key, value in resource.items() if key != "item"}
        self.root = r5.questionnaire_in_r4(self.source)
        self.nodes = nodes
        self.lang = language_key(str(self.root.get("language", "")))
        self.surroundings = Surroundings(self.lang, value_sets_of(self.root))
        self.by_id: dict[str, Node] = {}
        self.readings: dict[Node, Reading] = {}
        self.trees: dict[Node, Tree] = {}
        self.hints: dict[Node, Node] = {}
        self.names: dict[Node, str] = {}

    def read(self) -> None:
        refuse_misshapen(self.nodes, (*TYPES, GROUP))
        self.by_id = refuse_tangles(self.nodes)
        sound = [node for node in self.nodes if not node.refusal]
        for node in sound:
            self._attempt(node, self._read_item)
        for node in sound:
            if not node.refusal:
                self._attempt(node, self._read_conditions)
        spread(self.nodes, self.by_id)
        for node in sound:
            if self._is_asked(node) and sum(map(_leaves, self._conditions_of(node))) > _MOST_LEAVES:
                node.keep("it stands under too many conditions")
        self._keep_empty_groups()
        spread(self.nodes, self.by_id)
        self._name()

    def _attempt(self, node: Node, step: Any) -> None:
        try:
            step(node)
        except Wrong as error:
            node.refuse(str(error))
        except NotAsked as error:
            node.keep(str(error))

    def _is_asked(self, node: Node) -> bool:
        return not node.refusal and not node.kept

    def _read_item(self, node: Node) -> None:
        if node.is_group:
            if node.element.get("repeats") is True:
                raise NotAsked("repeated groups are not asked for yet")
            refrain_from(node.element)
            if node.parent and not node.parent.is_group:
                raise NotAsked("it stands under a question")
            return
        self.readings[node] = read_item(node.element, self.surroundings)
        if node.parent and not node.parent.is_group:
            self._read_under_a_question(node, node.parent)

    def _read_under_a_question(self, node: Node, question: Node) -> None:
        control = _control(node.element)
        if node.type != "display" or control not in _HINTS or "enableWhen" in node.element or question in self.hints:
            raise NotAsked("it stands under a question")
        if question not in self.readings or question.type == "display":
            raise NotAsked("it stands under an item that is not asked")
        self.hints[question] = node

    def _read_conditions(self, node: Node) -> None:
        tree = read_tree(node.element, lambda condition: self._tree_of(node, condition))
        if tree is not None:
            self.trees[node] = tree

    def _tree_of(self, node: Node, condition: Json) -> Tree:
        target = self.by_id[str(condition.get("question"))]
        reading = self.readings.get(target)
        if reading is None:
            # Refused or kept as a whole; `spread` says so, and what is compared cannot be judged.
            raise NotAsked(f"is shown by '{target.link_id}', which is not asked")
        if reading.options:
            tree = chosen(target.link_id, reading.options, condition)
        elif reading.type in (ItemType.INTEGER, ItemType.DECIMAL):
            tree = numeric(target.link_id, limits_of(target.element), condition)
        else:
            tree = not_compared(target.link_id, condition)
        if target.position > node.position:
            raise NotAsked(f"it is shown by '{target.link_id}', which comes later")
        return tree

    def _keep_empty_groups(self) -> None:
        for node in reversed(self.nodes):
            if node.is_group and self._is_asked(node) and not any(map(self._is_asked, node.children)):
                node.keep("nothing in it is asked")

    def _name(self) -> None:
        """Ids that the content format can have, for what is asked, in the order of the file."""
        taken = {_FIRST_SECTION}
        for node in self.nodes:
            if not self._is_asked(node) or (node.is_group and not node.text.strip()):
                continue
            name = slug(node.link_id, "section" if node.is_group else "item")
            number = 2
            while name in taken:
                name, number = f"{slug(node.link_id, 'item')}-{number}", number + 1
            taken.add(name)
            self.names[node] = name

    def _conditions_of(self, node: Node) -> list[Tree]:
        return [self.trees[each] for each in (*node.ancestors, node) if each in self.trees]

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
        texts = [part.get("text") or part["title"] for part in (*items, *sections)]
        others = {other for text in texts for other in text if other != lang}
        languages = {lang: "original"} | dict.fromkeys(sorted(others), "translated")
        if title:
            draft["title"] = _texts(title, root.get("_title"), lang)
        return draft | {
            "languages": languages,
            "licence": {"kind": "imported", "note": copyright_note},
            "sources": [
                {"title": title or name, "reference": str(root.get("url") or name), "note": "FHIR Questionnaire"},
            ],
            "review": {"status": "not-reviewed"},
            "sections": sections,
            "items": items,
            "scoring": {"status": "undeclared"} | ({"weights": weights} if (weights := self._weights()) else {}),
            "kept": self._kept(),
        }

    def _items(self) -> Iterator[Json]:
        names = {node.link_id: name for node, name in self.names.items()}
        for node, reading in self.readings.items():
            if node not in self.names or node in self.hints.values():
                continue
            item: Json = {
                "link_id": self.names[node],
                "section": self._section_of(node),
                "type": reading.type.value,
                "text": _texts(node.text, node.element.get("_text"), self.lang),
            }
            short = value_of(node.element, SHORT_TEXT, "String")
            if isinstance(short, str) and short.strip():
                item["short"] = {self.lang: short}
            hint = self.hints.get(node)
            if hint in self.names:
                item["hint"] = _texts(hint.text, hint.element.get("_text"), self.lang)
            item |= reading.fields
            condition = all_of(self._conditions_of(node))
            if condition is not None:
                item["show_if"] = renamed(condition, names)
            yield item

    def _section_of(self, node: Node) -> str:
        return next((self.names[group] for group in reversed([*node.ancestors]) if group in self.names), _FIRST_SECTION)

    def _sections(self, used: set[str], title: str) -> Iterator[Json]:
        if _FIRST_SECTION in used:
            yield {"id": _FIRST_SECTION, "title": {self.lang: title or "–"}}
        for node, name in self.names.items():
            if node.is_group and name in used:
                heads = [each for each in (*node.ancestors, node) if each in self.names]
                texts = [_texts(head.text, head.element.get("_text"), self.lang) for head in heads]
                yield {
                    "id": name,
                    "title": {
                        lang: " – ".join(text.get(lang, text[self.lang]) for text in texts) for lang in texts[-1]
                    },
                }

    def _weights(self) -> Json:
        """What the file lets its options weigh: a proposal, until somebody declares the scoring."""
        return {
            self.names[node]: weights
            for node, reading in self.readings.items()
            if node in self.names and (weights := _weights_of(reading.options))
        }

    def _fate(self, node: Node) -> Fate:
        return Fate.REFUSED if node.refusal else Fate.KEPT if node.kept else Fate.MAPPED

    def _kept(self) -> Json:
        return {
            "fhir_version": self._version(),
            "questionnaire": write_json(self.source),
            "items": [self._kept_item(node) for node in self.nodes if not node.refusal],
            "refused": [
                {"path": node.path, "link_id": node.link_id, "reason": node.refusal}
                for node in self.nodes
                if node.refusal
            ],
        }

    def _kept_item(self, node: Node) -> Json:
        """The item as it came, without its children, and what it became."""
        entry: Json = {"path": node.path, "fate": self._fate(node).value}
        if node.kept:
            entry["reason"] = node.kept
        elif node.parent is not None and self.hints.get(node.parent) is node:
            entry["hint_of"] = self.names[node.parent]
        elif node in self.names:
            entry["section" if node.is_group else "link_id"] = self.names[node]
        return entry | {"json": write_json(node.source)}

    def _version(self) -> str:
        return "R5" if r5.is_r5(self.source) or any(r5.is_r5(node.source) for node in self.nodes) else "R4"

    def report(self) -> Report:
        items = tuple(
            ItemReport(node.path, node.link_id, self._fate(node), self._became(node), node.refusal or node.kept)
            for node in self.nodes
        )
        remarks = [] if "status" in self.root else ["the file has no status: read as a draft"]
        remarks += ["the file does not say its language"] if self.lang == "und" else []
        return Report(self._version(), items, tuple(self._elements()), tuple(remarks))

    def _became(self, node: Node) -> str:
        if node not in self.names:
            return ""
        if node.is_group:
            return f"section {self.names[node]}"
        if node.parent is not None and self.hints.get(node.parent) is node:
            return f"hint of {self.names[node.parent]}"
        return f"{self.names[node]} ({self.readings[node].type.value})"

    def _elements(self) -> Iterator[KeptElement]:
        yield from _elements_of(self.root, "Questionnaire", _CARRIED_OF_ROOT)
        for node in self.nodes:
            if self._is_asked(node):
                yield from _elements_of(node.element, node.path, _CARRIED)


def value_sets_of(root: Json) -> dict[str, Json]:
    """The value sets in the file itself, by their id."""
    contained = root.get("contained")
    return {
        str(each.get("id")): each
        for each in (contained if isinstance(contained, list) else ())
        if isinstance(each, dict) and each.get("resourceType") == "ValueSet"
    }


def _texts(text: str, sibling: Any, lang: str) -> dict[str, str]:
    return {lang: text} | {other: words for other, words in translations(sibling).items() if other != lang}


def renamed(tree: Tree, names: Mapping[str, str]) -> Tree:
    """With other link ids."""
    if "item" in tree:
        return tree | {"item": names[tree["item"]]}
    ((word, part),) = tree.items()
    return {word: renamed(part, names) if word == "not" else [renamed(each, names) for each in part]}


def _weights_of(options: Sequence[ReadOption]) -> dict[str, float]:
    return {option.value: option.weight for option in options if option.weight is not None}


def _leaves(tree: Tree) -> int:
    if "item" in tree:
        return len(tree.get("any_of", "1"))
    ((word, part),) = tree.items()
    return _leaves(part) if word == "not" else sum(map(_leaves, part))


def _control(element: Json) -> str:
    concept = value_of(element, ITEM_CONTROL, "CodeableConcept")
    codings = concept.get("coding") if isinstance(concept, dict) else None
    first = codings[0] if isinstance(codings, list) and codings else {}
    return str(first.get("code", "")) if isinstance(first, dict) else ""


def _elements_of(element: Mapping[str, Any], path: str, carried: frozenset[str]) -> Iterator[KeptElement]:
    for key, value in element.items():
        if key in carried:
            continue
        if key != "extension" or not isinstance(value, list):
            yield KeptElement(f"{path}.{key}")
            continue
        for number, extension in enumerate(value):
            url = extension.get("url") if isinstance(extension, dict) else None
            if url not in UNDERSTOOD:
                yield KeptElement(f"{path}.extension[{number}]", str(url)[:200])
