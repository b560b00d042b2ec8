"""Rule trees: from the nodes in a questionnaire's file to conditions."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from careplan.domain.conditions import (
    AllOf,
    AnyOf,
    Compare,
    Comparison,
    Condition,
    Is,
    Not,
    ScoreAtLeast,
    WorseBy,
)
from careplan.domain.questionnaire import Item, ItemType
from careplan.library.document import Document, Key
from careplan.library.problems import Problem

_NUMERIC = frozenset({ItemType.SCALE, ItemType.INTEGER, ItemType.DECIMAL})
_CHOSEN = frozenset({ItemType.CHOICE, ItemType.CHOICES})
_FORMS = (
    "{item, at_least}, {item, at_most}, {item, is}, {item, any_of}, {item, worse_by}, {score, at_least}, all, any, not"
)

Place = tuple[Key, ...]


class ConditionReader:
    """Reads the trees of one file. `items` are those a tree may look at; `scores` is None where none may be used."""

    def __init__(
        self, document: Document, items: Mapping[str, Item], scores: frozenset[str] | None, unknown: str
    ) -> None:
        self.document, self.items, self.scores, self.unknown = document, items, scores, unknown
        self.problems: list[Problem] = []
        self._leaves: Mapping[frozenset[str], Callable[[Mapping[str, Any], Place], Condition | None]] = {
            frozenset({"item", "at_least"}): self._compare,
            frozenset({"item", "at_most"}): self._compare,
            frozenset({"item", "is"}): self._is,
            frozenset({"item", "any_of"}): self._is,
            frozenset({"item", "worse_by"}): self._worse_by,
            frozenset({"score", "at_least"}): self._score,
        }

    def read(self, node: Any, place: Place) -> Condition | None:
        """None where something is wrong; what it is stands in `problems`."""
        if not isinstance(node, dict):
            return self._wrong(place, "a rule must be a mapping, such as {item: pain, at_least: 7}")
        keys = frozenset(node)
        if keys in ({"all"}, {"any"}):
            (word,) = keys
            parts = self._parts(node[word], (*place, word))
            if parts is None:
                return None
            return AllOf(parts) if word == "all" else AnyOf(parts)
        if keys == {"not"}:
            part = self.read(node["not"], (*place, "not"))
            return None if part is None else Not(part)
        leaf = self._leaves.get(keys)
        if leaf is None:
            return self._wrong(place, f"unknown rule {{{', '.join(sorted(keys))}}}; the forms are {_FORMS}")
        return leaf(node, place)

    def _parts(self, nodes: Any, place: Place) -> tuple[Condition, ...] | None:
        if not isinstance(nodes, list) or not nodes:
            self._wrong(place, f"'{place[-1]}' needs a list of rules")
            return None
        parts = [self.read(node, (*place, index)) for index, node in enumerate(nodes)]
        found = tuple(part for part in parts if part is not None)
        return found if len(found) == len(parts) else None

    def _compare(self, node: Mapping[str, Any], place: Place) -> Condition | None:
        comparison = Comparison.AT_LEAST if "at_least" in node else Comparison.AT_MOST
        limit = node[comparison.value]
        item = self._item(node, place, _NUMERIC, "has no number to compare")
        if item is None or not self._is_number(limit, (*place, comparison.value)):
            return None
        if item.scale is not None and not item.scale.min <= limit <= item.scale.max:
            return self._wrong((*place, comparison.value), f"{limit} is outside the scale of '{item.link_id}'")
        return Compare(item.link_id, comparison, limit)

    def _is(self, node: Mapping[str, Any], place: Place) -> Condition | None:
        word = "is" if "is" in node else "any_of"
        item = self._item(node, place, _CHOSEN, "has no options")
        values = node[word] if word == "any_of" else [node[word]]
        if item is None:
            return None
        if not isinstance(values, list) or not values:
            return self._wrong((*place, word), "'any_of' needs a list of option values")
        codes = {option.value for option in item.options}
        for value in values:
            if value not in codes:
                return self._wrong((*place, word), f"'{value}' is not an option of '{item.link_id}'")
        return Is(item.link_id, tuple(values))

    def _worse_by(self, node: Mapping[str, Any], place: Place) -> Condition | None:
        if self.scores is None:
            return self._wrong(place, "'worse_by' looks at an earlier response and cannot open a question")
        item = self._item(node, place, _NUMERIC, "has no number to compare")
        if item is None or not self._is_number(node["worse_by"], (*place, "worse_by")):
            return None
        if item.higher_means is None:
            return self._wrong(place, f"'{item.link_id}' needs 'higher_means' to be compared with an earlier answer")
        return WorseBy(item.link_id, node["worse_by"], item.higher_means)

    def _score(self, node: Mapping[str, Any], place: Place) -> Condition | None:
        if self.scores is None:
            return self._wrong(place, "a score cannot open a question")
        if node["score"] not in self.scores:
            return self._wrong((*place, "score"), f"unknown score '{node['score']}'")
        if not self._is_number(node["at_least"], (*place, "at_least")):
            return None
        return ScoreAtLeast(node["score"], node["at_least"])

    def _item(self, node: Mapping[str, Any], place: Place, types: frozenset[ItemType], but: str) -> Item | None:
        item = self.items.get(str(node["item"]))
        if item is None:
            self._wrong((*place, "item"), self.unknown.format(item=node["item"]))
            return None
        if item.type not in types:
            self._wrong((*place, "item"), f"'{item.link_id}' {but}")
            return None
        return item

    def _is_number(self, value: Any, place: Place) -> bool:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return True
        self._wrong(place, f"'{place[-1]}' must be a number")
        return False

    def _wrong(self, place: Sequence[Key], message: str) -> None:
        self.problems.append(self.document.problem(place, message))
