"""The items of a questionnaire as a list of nodes, and what in their shape, links and order cannot be taken."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from careplan.fhir.r5 import item_in_r4
from careplan.fhir.report import FileRefused
from careplan.fhir.wire import Json, found_key

MOST_ITEMS = 2000
DEEPEST_ITEM = 16
LONGEST_LINK_ID = 255
_OBJECTS = "a list of objects"
_SHAPES: Mapping[str, tuple[type, str]] = {
    "linkId": (str, "a text"),
    "type": (str, "a code"),
    "text": (str, "a text"),
    "prefix": (str, "a text"),
    "enableBehavior": (str, "a code"),
    "answerValueSet": (str, "an address"),
    "repeats": (bool, "true or false"),
    "required": (bool, "true or false"),
    "readOnly": (bool, "true or false"),
    "maxLength": (int, "a whole number"),
    "_text": (dict, "an object"),
    "extension": (list, _OBJECTS),
    "enableWhen": (list, _OBJECTS),
    "answerOption": (list, _OBJECTS),
    "initial": (list, _OBJECTS),
    "code": (list, _OBJECTS),
}


@dataclass(slots=True, eq=False)
class Node:
    """One item. `source` is the item as it came, without its children; `element` the same in R4's names."""

    path: str
    position: int
    parent: "Node | None"
    source: Json
    element: Json
    children: list["Node"] = field(default_factory=list)
    refusal: str = ""
    kept: str = ""

    @property
    def link_id(self) -> str:
        value = self.element.get("linkId")
        return value if isinstance(value, str) else ""

    @property
    def type(self) -> str:
        return str(self.element.get("type"))

    @property
    def text(self) -> str:
        return str(self.element.get("text", ""))

    @property
    def is_group(self) -> bool:
        return self.type == "group"

    @property
    def ancestors(self) -> Iterator["Node"]:
        """From the outermost to the parent."""
        if self.parent is not None:
            yield from self.parent.ancestors
            yield self.parent

    def refuse(self, reason: str) -> None:
        self.refusal = self.refusal or reason

    def keep(self, reason: str) -> None:
        self.kept = self.kept or reason

    def looks_at(self) -> frozenset[str]:
        """The link ids in its conditions."""
        return frozenset(str(condition.get("question")) for condition in self.element.get("enableWhen", ()))


def grown(resource: Json) -> list[Node]:
    """The items in the order of the file; raises FileRefused where they cannot even be counted."""
    nodes: list[Node] = []
    waiting = [(None, place, item, 1) for place, item in reversed(list(enumerate(_items(resource, "the file"))))]
    while waiting:
        parent, place, item, depth = waiting.pop()
        path = f"{parent.path}.item[{place}]" if parent else f"item[{place}]"
        if depth > DEEPEST_ITEM:
            raise FileRefused(f"{path}: items nested in more than {DEEPEST_ITEM} levels")
        if len(nodes) >= MOST_ITEMS:
            raise FileRefused(f"{path}: more than {MOST_ITEMS} items")
        source = {key: value for key, value in item.items() if key != "item"}
        node = Node(path, len(nodes), parent, source, item_in_r4(source))
        nodes.append(node)
        if parent:
            parent.children.append(node)
        children = list(enumerate(_items(item, path)))
        waiting += [(node, number, child, depth + 1) for number, child in reversed(children)]
    return nodes


def refuse_misshapen(nodes: Iterable[Node], known_types: Iterable[str]) -> None:
    """What cannot be read as FHIR means it; later steps rely on these shapes."""
    types = frozenset(known_types)
    for node in nodes:
        node.refuse(next(_misshapes(node.element, types), ""))


def refuse_tangles(nodes: Sequence[Node]) -> dict[str, Node]:
    """Link ids that stand twice, conditions that look at nothing, and circles. The questions by their link id."""
    by_id = {node.link_id: node for node in nodes}
    counts = Counter(node.link_id for node in nodes)
    for node in nodes:
        if counts[node.link_id] > 1:
            node.refuse("the link id stands twice")
    sound = [node for node in nodes if not node.refusal]
    for node in sound:
        for link_id in sorted(node.looks_at()):
            _check_target(node, link_id, by_id)
    for node in _in_circles([node for node in sound if not node.refusal], by_id):
        node.refuse("its conditions go round in a circle")
    return by_id


def spread(nodes: Sequence[Node], by_id: Mapping[str, Node]) -> None:
    """What stands in or looks at something that is not asked is not asked either."""
    waiting_for: dict[Node, list[tuple[Node, str]]] = {node: [] for node in nodes}
    for node in nodes:
        if node.parent is not None:
            waiting_for[node.parent].append((node, "stands in"))
        for link_id in () if node.refusal else node.looks_at():
            waiting_for[by_id[link_id]].append((node, "is shown by"))
    spreading = [node for node in nodes if node.refusal or node.kept]
    while spreading:
        other = spreading.pop()
        for node, how in waiting_for[other]:
            before = (node.refusal, node.kept)
            if other.refusal:
                node.refuse(f"{how} '{other.link_id}', which is refused")
            else:
                node.keep(f"{how} '{other.link_id}', which is not asked")
            if before != (node.refusal, node.kept):
                spreading.append(node)


def _items(element: Json, where: str) -> Sequence[Json]:
    items = element.get("item", [])
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise FileRefused(f"{where}: 'item' must be {_OBJECTS}")
    return items


def _misshapes(element: Json, types: frozenset[str]) -> Iterator[str]:
    if found_key(element, "modifierExtension"):
        yield "a modifier extension changes its meaning, and none is known here"
    for key, (shape, words) in _SHAPES.items():
        if key in element and not _fits(element[key], shape):
            yield f"'{key}' must be {words}"
    link_id = element.get("linkId", "")
    if not str(link_id).strip():
        yield "it has no link id"
    if len(str(link_id)) > LONGEST_LINK_ID:
        yield f"the link id is longer than {LONGEST_LINK_ID} characters"
    if element.get("type") not in types:
        yield f"the type '{element['type']}' is unknown" if "type" in element else "it has no type"


def _fits(value: Any, shape: type) -> bool:
    if shape is list:
        return isinstance(value, list) and all(isinstance(part, dict) for part in value)
    return isinstance(value, shape) and not (shape is int and isinstance(value, bool))


def _check_target(node: Node, link_id: str, by_id: Mapping[str, Node]) -> None:
    target = by_id.get(link_id)
    if target is None:
        node.refuse(f"its condition looks at '{link_id}', which does not exist")
    elif target is node:
        node.refuse("its condition looks at itself")
    elif target.type in ("group", "display"):
        node.refuse(f"its condition looks at '{link_id}', which is no question")


def _in_circles(nodes: Sequence[Node], by_id: Mapping[str, Node]) -> set[Node]:
    """Nodes that wait for themselves: each waits for its parent and for what its conditions look at."""
    there = set(nodes)
    needs = {
        node: {by_id[link_id] for link_id in node.looks_at()} | ({node.parent} if node.parent else set())
        for node in nodes
    }
    needed: dict[Node, set[Node]] = {node: set() for node in nodes}
    for node, others in needs.items():
        others &= there
        for other in others:
            needed[other].add(node)
    # What needs nothing, and then what nothing needs, is in no circle.
    return _peeled(_peeled(there, needs, needed), needed, needs)


def _peeled(left: set[Node], needs: Mapping[Node, set[Node]], needed: Mapping[Node, set[Node]]) -> set[Node]:
    counts = {node: len(needs[node] & left) for node in left}
    free = [node for node, count in counts.items() if not count]
    while free:
        for other in needed[free.pop()] & left:
            counts[other] -= 1
            if not counts[other]:
                free.append(other)
    return {node for node, count in counts.items() if count}
