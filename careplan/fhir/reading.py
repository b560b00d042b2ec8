"""The items of one file, read: which are asked, as what, when, and under which names."""

from collections.abc import Callable, Sequence

from careplan.domain.questionnaire import NUMERIC, GroupKind, ItemType
from careplan.fhir import r5
from careplan.fhir.answer_options import NotAsked, Wrong
from careplan.fhir.conditions import Tree, chosen, leaves, not_compared, numeric, read_tree
from careplan.fhir.extensions import SLIDER_STEP, language_key, texts, value_of
from careplan.fhir.groups_in import control, is_help, kind_of, most_instances, repeats
from careplan.fhir.item_types import GROUP, TYPES, Reading, Surroundings, limits_of, read_item, refrain_from
from careplan.fhir.names import FIRST_SECTION, free, slug
from careplan.fhir.report import Fate
from careplan.fhir.structure import Node, refuse_misshapen, refuse_tangles, spread
from careplan.fhir.wire import Json

_MOST_LEAVES = 2000
_LONGEST_SCALE = 100
_MOST_STEPS = 20  # a longer scale is a line to mark
# What a text under a question is to it, by its control.
ROLES = {"": "hint", "help": "hint", "flyover": "hint", "instructions": "hint", "prompt": "hint"} | {
    "lower": "low",
    "upper": "high",
}


class FileReader:
    """`readings` and `trees` are of the items themselves; `parts` are texts under a question, by what they are to it;
    `groups` are those that are more than a section.

    Whether an item is asked stands in its node."""

    def __init__(self, source: Json, nodes: Sequence[Node]) -> None:
        self.root = r5.questionnaire_in_r4(source)
        self.nodes = nodes
        self.lang = language_key(str(self.root.get("language", "")))
        self.surroundings = Surroundings(self.lang, value_sets_of(self.root))
        self.by_id: dict[str, Node] = {}
        self.readings: dict[Node, Reading] = {}
        self.trees: dict[Node, Tree] = {}
        self.parts: dict[Node, dict[str, Node]] = {}
        self.names: dict[Node, str] = {}
        self.groups: dict[Node, GroupKind] = {}

    def read(self) -> None:
        refuse_misshapen(self.nodes, (*TYPES, GROUP))
        self.by_id = refuse_tangles(self.nodes)
        sound = [node for node in self.nodes if not node.refusal]
        for node in sound:
            self._attempt(node, self._read_item)
        self._make_scales()
        for node in sound:
            if not node.refusal:
                self._attempt(node, self._read_conditions)
        spread(self.nodes, self.by_id)
        for node in sound:
            if self.is_asked(node) and sum(map(leaves, self.conditions_of(node))) > _MOST_LEAVES:
                node.keep("it stands under too many conditions")
        self._keep_empty_groups()
        spread(self.nodes, self.by_id)
        self._make_groups()
        self._name()

    def _attempt(self, node: Node, step: Callable[[Node], None]) -> None:
        try:
            step(node)
        except Wrong as error:
            node.refuse(str(error))
        except NotAsked as error:
            node.keep(str(error))

    def is_asked(self, node: Node) -> bool:
        return not node.refusal and not node.kept

    def _read_item(self, node: Node) -> None:
        if node.is_group:
            refrain_from(node.element)
            if repeats(node):
                most_instances(node)
            if node.parent and not node.parent.is_group:
                raise NotAsked("it stands under a question")
            return
        self.readings[node] = read_item(node.element, self.surroundings)
        if node.parent and not node.parent.is_group:
            self._read_under_a_question(node, node.parent)

    def _read_under_a_question(self, node: Node, question: Node) -> None:
        role = ROLES.get(control(node.element))
        parts = self.parts.setdefault(question, {})
        if node.type != "display" or role is None or "enableWhen" in node.element or role in parts:
            raise NotAsked("it stands under a question")
        if question not in self.readings or question.type == "display":
            raise NotAsked("it stands under an item that is not asked")
        if role in ("low", "high") and not _is_slider(question.element):
            raise NotAsked("it is the end of a scale that is none here")
        parts[role] = node

    def _make_scales(self) -> None:
        """A slider in whole steps with words at both ends is a scale, or a line to mark."""
        for question, parts in self.parts.items():
            ends = [parts[role] for role in ("low", "high") if role in parts]
            if not ends:
                continue
            limits = limits_of(question.element)
            steps = limits["max"] - limits["min"]
            if len(ends) == 2 and 0 < steps <= _LONGEST_SCALE:
                low, high = (texts_of(end, self.lang) for end in ends)
                kind = ItemType.SCALE if steps <= _MOST_STEPS else ItemType.VAS
                self.readings[question] = Reading(kind, {"scale": limits | {"low": low, "high": high}})
                continue
            for end in ends:
                end.keep("it is one end of a scale without the other")
                parts.pop("low", None)
                parts.pop("high", None)

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
        elif reading.type in NUMERIC:
            tree = numeric(target.link_id, limits_of(target.element), condition)
        else:
            tree = not_compared(target.link_id, condition)
        if repeats(target.parent) and target.parent not in (node, node.parent):
            raise NotAsked(f"it is shown by '{target.link_id}', which is asked again and again")
        if target.position > node.position:
            raise NotAsked(f"it is shown by '{target.link_id}', which comes later")
        return tree

    def _keep_empty_groups(self) -> None:
        for node in reversed(self.nodes):
            asked = [child for child in node.children if self.is_asked(child)]
            if repeats(node):
                asked = [child for child in asked if child.type != "display"]
            if node.is_group and self.is_asked(node) and not asked:
                node.keep("nothing in it is asked")

    def _make_groups(self) -> None:
        for node in self.nodes:
            if not node.is_group or not self.is_asked(node):
                continue
            asked = [child for child in node.children if self.is_asked(child)]
            helped = next((child for child in asked if is_help(child)), None)
            kind = kind_of(node, [child for child in asked if child is not helped], self.readings)
            if kind is not None:
                self.groups[node] = kind
                self.parts[node] = {} if helped is None else {"hint": helped}

    def _name(self) -> None:
        """Ids that the content format can have, for what is asked, in the order of the file."""
        taken = {FIRST_SECTION}
        parts = {part for parts in self.parts.values() for part in parts.values()}
        for node in self.nodes:
            if self.is_asked(node) and node not in parts and (node.text.strip() or not node.is_group):
                self.names[node] = free(slug(node.link_id, "section" if node.is_group else "item"), taken)
                taken.add(self.names[node])

    def conditions_of(self, node: Node) -> list[Tree]:
        if node.parent in self.groups:  # whose own conditions say the rest
            return [self.trees[node]] if node in self.trees else []
        return [self.trees[each] for each in (*node.ancestors, node) if each in self.trees]

    def fate_of(self, node: Node) -> Fate:
        return Fate.REFUSED if node.refusal else Fate.KEPT if node.kept else Fate.MAPPED

    def role_of(self, node: Node) -> tuple[str, str] | None:
        """What an asked text is to the question that it stands under, and that question's name."""
        if node.parent is None:
            return None
        roles = self.parts.get(node.parent, {})
        return next(((role, self.names[node.parent]) for role, part in roles.items() if part is node), None)


def texts_of(node: Node, lang: str) -> dict[str, str]:
    return texts(node.text, node.element.get("_text"), lang)


def value_sets_of(root: Json) -> dict[str, Json]:
    """The value sets in the file itself, by their id."""
    contained = root.get("contained")
    return {
        str(each.get("id")): each
        for each in (contained if isinstance(contained, list) else ())
        if isinstance(each, dict) and each.get("resourceType") == "ValueSet"
    }


def _is_slider(element: Json) -> bool:
    limits = limits_of(element)
    is_whole = len(limits) == 2 and all(isinstance(limit, int) for limit in limits.values())
    step = value_of(element, SLIDER_STEP, "Integer")
    return element["type"] == "integer" and control(element) == "slider" and is_whole and step in (None, 1)
