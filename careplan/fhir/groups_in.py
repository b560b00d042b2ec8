"""Groups of a file that are more than a heading: pages, tables of questions, and what is asked again and again."""

from collections.abc import Mapping, Sequence

from careplan.domain.questionnaire import MOST_INSTANCES, GroupKind, ItemType
from careplan.fhir.answer_options import NotAsked
from careplan.fhir.extensions import ITEM_CONTROL, MAX_OCCURS, value_of
from careplan.fhir.item_types import Reading
from careplan.fhir.structure import Node
from careplan.fhir.wire import Json

_MOST_COLUMNS = 11
_CONTROLS = {"page": GroupKind.PAGE} | dict.fromkeys(("table", "htable", "gtable"), GroupKind.MATRIX)


def control(element: Json) -> str:
    """The code of an item's control; empty where it has none."""
    concept = value_of(element, ITEM_CONTROL, "CodeableConcept")
    codings = concept.get("coding") if isinstance(concept, dict) else None
    first = codings[0] if isinstance(codings, list) and codings else {}
    return str(first.get("code", "")) if isinstance(first, dict) else ""


def is_help(node: Node) -> bool:
    """Whether it is a text to the group that it stands in."""
    return node.type == "display" and control(node.element) == "help" and "enableWhen" not in node.element


def repeats(node: Node | None) -> bool:
    return node is not None and node.is_group and node.element.get("repeats") is True


def most_instances(node: Node) -> int:
    """Raises NotAsked where a repeated group cannot be asked as it is meant."""
    if any(child.is_group for child in node.children):
        raise NotAsked("a group stands in a repeated group")
    if not node.text.strip():
        raise NotAsked("it repeats and has no text")
    most = value_of(node.element, MAX_OCCURS, "Integer")
    if most is None:
        return MOST_INSTANCES
    if isinstance(most, bool) or not isinstance(most, int) or not 2 <= most <= MOST_INSTANCES:
        raise NotAsked(f"it repeats, but not 2 to {MOST_INSTANCES} times")
    return most


def kind_of(node: Node, asked: Sequence[Node], readings: Mapping[Node, Reading]) -> GroupKind | None:
    """What it is here, of what is asked in it; None where it is a section."""
    if repeats(node):
        return GroupKind.REPEATS
    kind = _CONTROLS.get(control(node.element))
    if kind is None or not node.text.strip() or any(child.is_group for child in node.children):
        return None
    questions = [each for each in asked if readings[each].type is not ItemType.INFO]
    fits = len(questions) > 1 and (kind is GroupKind.PAGE or _is_table(asked, readings))
    return kind if fits else None


def _is_table(rows: Sequence[Node], readings: Mapping[Node, Reading]) -> bool:
    """Rows are scales or choices with the same few answers."""
    first = readings[rows[0]]
    if first.type is ItemType.SCALE:
        columns = first.fields["scale"]["max"] - first.fields["scale"]["min"] + 1
    else:
        columns = len(first.options)
    return (
        first.type in (ItemType.SCALE, ItemType.CHOICE)
        and columns <= _MOST_COLUMNS
        and not any(option.open for option in first.options)
        and all((readings[row].type, readings[row].fields) == (first.type, first.fields) for row in rows)
    )
