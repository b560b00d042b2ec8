"""Rule trees: from the nodes in a questionnaire's file to conditions."""

import math
from collections.abc import Callable, Mapping
from typing import Any

from careplan.domain.conditions import (
    MOST_IN_A_ROW,
    AllOf,
    AnyOf,
    Compare,
    Comparison,
    Condition,
    Direction,
    InARow,
    Is,
    Not,
    ScoreAtLeast,
    WorseBy,
    WorseThanUsual,
)
from careplan.domain.questionnaire import NUMERIC, Item, ItemType
from careplan.library.document import Document, Key
from careplan.library.problems import Problem

_CHOSEN = frozenset({ItemType.CHOICE, ItemType.CHOICES})
_FORMS = (
    "{item, at_least}, {item, at_most}, {item, is}, {item, any_of}, {item, worse_by}, {item, worse_than_usual_by}, "
    "{item, at_least, in_a_row}, {item, at_most, in_a_row}, {score, at_least}, all, any, not"
)

Place = tuple[Key, ...]


class _Fault(Exception):
    """What is wrong with one tree, and where."""

    def __init__(self, place: Place, message: str) -> None:
        super().__init__(message)
        self.place, self.message = place, message


class ConditionReader:
    """Reads the trees of one file. `items` are those a tree may look at; `scores` is None where none may be used."""

    def __init__(
        self, document: Document, items: Mapping[str, Item], scores: frozenset[str] | None, unknown: str
    ) -> None:
        self.document, self.items, self.scores, self.unknown = document, items, scores, unknown
        self.problems: list[Problem] = []
        self._leaves: Mapping[frozenset[str], Callable[[Mapping[str, Any], Place], Condition]] = {
            frozenset({"item", "at_least"}): self._compare,
            frozenset({"item", "at_most"}): self._compare,
            frozenset({"item", "is"}): self._is,
            frozenset({"item", "any_of"}): self._is,
            frozenset({"item", "worse_by"}): self._worse_by,
            frozenset({"item", "worse_than_usual_by"}): self._worse_by,
            frozenset({"item", "at_least", "in_a_row"}): self._in_a_row,
            frozenset({"item", "at_most", "in_a_row"}): self._in_a_row,
            frozenset({"score", "at_least"}): self._score,
        }

    def read(self, node: Any, place: Place) -> Condition | None:
        """None where something is wrong; what it is stands in `problems`."""
        try:
            return self._condition(node, place)
        except _Fault as fault:
            self.problems.append(self.document.problem(fault.place, fault.message))
            return None

    def _condition(self, node: Any, place: Place) -> Condition:
        if not isinstance(node, dict):
            raise _Fault(place, "a rule must be a mapping, such as {item: pain, at_least: 7}")
        keys = frozenset(node)
        if keys in ({"all"}, {"any"}):
            (word,) = keys
            parts = self._parts(node[word], (*place, word))
            return AllOf(parts) if word == "all" else AnyOf(parts)
        if keys == {"not"}:
            return Not(self._condition(node["not"], (*place, "not")))
        leaf = self._leaves.get(keys)
        if leaf is None:
            raise _Fault(place, f"unknown rule {{{', '.join(sorted(keys))}}}; the forms are {_FORMS}")
        return leaf(node, place)

    def _parts(self, nodes: Any, place: Place) -> tuple[Condition, ...]:
        if not isinstance(nodes, list) or not nodes:
            raise _Fault(place, f"'{place[-1]}' needs a list of rules")
        return tuple(self._condition(node, (*place, index)) for index, node in enumerate(nodes))

    def _compare(self, node: Mapping[str, Any], place: Place) -> Compare:
        comparison = Comparison.AT_LEAST if "at_least" in node else Comparison.AT_MOST
        limit = node[comparison.value]
        item = self._item(node, place, NUMERIC, "has no number to compare")
        _check_number(limit, (*place, comparison.value))
        if item.scale is not None and not item.scale.min <= limit <= item.scale.max:
            raise _Fault((*place, comparison.value), f"{limit} is outside the scale of '{item.link_id}'")
        return Compare(item.link_id, comparison, limit)

    def _is(self, node: Mapping[str, Any], place: Place) -> Condition:
        word = "is" if "is" in node else "any_of"
        item = self._item(node, place, _CHOSEN, "has no options")
        values = node[word] if word == "any_of" else [node[word]]
        if not isinstance(values, list) or not values:
            raise _Fault((*place, word), "'any_of' needs a list of option values")
        codes = {option.value for option in item.options}
        for value in values:
            if not isinstance(value, str) or value not in codes:
                raise _Fault((*place, word), f"'{value}' is not an option of '{item.link_id}'")
        return Is(item.link_id, tuple(values))

    def _worse_by(self, node: Mapping[str, Any], place: Place) -> Condition:
        word = "worse_by" if "worse_by" in node else "worse_than_usual_by"
        self._check_may_look_back(word, place)
        item = self._item(node, place, NUMERIC, "has no number to compare")
        by = node[word]
        _check_number(by, (*place, word))
        if by <= 0:
            raise _Fault((*place, word), f"'{word}' must be more than 0")
        if item.scale is not None and by > item.scale.max - item.scale.min:
            raise _Fault((*place, word), f"{by} is more than the whole scale of '{item.link_id}'")
        if item.higher_means is None:
            raise _Fault(place, f"'{item.link_id}' needs 'higher_means' to be compared with an earlier answer")
        return (WorseBy if word == "worse_by" else WorseThanUsual)(item.link_id, by, Direction(item.higher_means))

    def _in_a_row(self, node: Mapping[str, Any], place: Place) -> Condition:
        self._check_may_look_back("in_a_row", place)
        compared = self._compare({key: value for key, value in node.items() if key != "in_a_row"}, place)
        times = node["in_a_row"]
        if isinstance(times, bool) or not isinstance(times, int) or not 2 <= times <= MOST_IN_A_ROW:
            raise _Fault((*place, "in_a_row"), f"'in_a_row' must be a whole number from 2 to {MOST_IN_A_ROW}")
        return InARow(compared.item, compared.comparison, compared.limit, times)

    def _check_may_look_back(self, word: str, place: Place) -> None:
        if self.scores is None:
            raise _Fault(place, f"'{word}' looks at an earlier response and cannot open a question")

    def _score(self, node: Mapping[str, Any], place: Place) -> Condition:
        if self.scores is None:
            raise _Fault(place, "a score cannot open a question")
        if not isinstance(node["score"], str) or node["score"] not in self.scores:
            raise _Fault((*place, "score"), f"unknown score '{node['score']}'")
        _check_number(node["at_least"], (*place, "at_least"))
        return ScoreAtLeast(node["score"], node["at_least"])

    def _item(self, node: Mapping[str, Any], place: Place, types: frozenset[ItemType], but: str) -> Item:
        item = self.items.get(str(node["item"]))
        if item is None:
            raise _Fault((*place, "item"), self.unknown.format(item=node["item"]))
        if item.type not in types:
            raise _Fault((*place, "item"), f"'{item.link_id}' {but}")
        return item


def _check_number(value: Any, place: Place) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise _Fault(place, f"'{place[-1]}' must be a number")
