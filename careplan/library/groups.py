"""The groups of a questionnaire: what must be so before questions can stand together."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from careplan.domain.conditions import Condition, items_of
from careplan.domain.questionnaire import Group, GroupKind, Item, ItemType
from careplan.library.document import Document, Key
from careplan.library.problems import Problem
from careplan.library.rules import ConditionReader
from careplan.library.schema import GroupModel, ItemModel, QuestionnaireModel

MOST_ANSWERS = 11  # a scale from 0 to 10
# What one answer a question is needed for: an area's row, a wish, the answer of last time.
_ONCE = ("area", "wish", "concept", "reuse_days", "same_as_last")


class GroupReader:
    """Reads the groups of one file, whose items are read already."""

    def __init__(self, model: QuestionnaireModel, items: Mapping[str, Item], document: Document) -> None:
        self.model, self.items, self.document = model, items, document
        self.repeating = {group.id for group in model.groups if group.kind is GroupKind.REPEATS}
        self.problems: list[Problem] = []

    def read(self) -> tuple[Group, ...]:
        self._check_places()
        return tuple(self._group(index, model) for index, model in enumerate(self.model.groups))

    def check_once(self, link_ids: Iterable[str], place: Sequence[Key], wanted: str) -> None:
        """Says where something that counts on one answer looks at a question that is asked again and again."""
        for link_id in link_ids:
            if self._is_repeated(link_id):
                self._wrong(place, f"'{link_id}' is asked once for each instance of its group, and {wanted}")

    def _group(self, index: int, model: GroupModel) -> Group:
        place = ("groups", index)
        members = [(number, item) for number, item in enumerate(self.model.items) if item.group == model.id]
        if all(item.type is ItemType.INFO for _number, item in members):
            self._wrong((*place, "id"), f"no question stands in the group '{model.id}'")
        if model.kind is GroupKind.REPEATS:
            self._check_repeats(place, model, members)
        elif model.at_most is not None or model.add is not None:
            self._wrong((*place, "kind"), "'at_most' and 'add' belong to groups that repeat")
        if model.kind is GroupKind.MATRIX:
            self._check_matrix(place, model, members)
        return Group(
            id=model.id,
            kind=model.kind,
            text=model.text,
            hint=model.hint,
            show_if=self._condition(place, model, members),
            at_most=model.at_most or 1,
            add=model.add,
        )

    def _condition(
        self, place: Sequence[Key], model: GroupModel, members: list[tuple[int, ItemModel]]
    ) -> Condition | None:
        if model.show_if is None:
            return None
        first = members[0][0] if members else 0
        earlier = {item.link_id for item in self.model.items[:first]}
        message = f"'show_if' looks at '{{item}}', which does not stand before the group '{model.id}'"
        known = {link_id: item for link_id, item in self.items.items() if link_id in earlier}
        reader = ConditionReader(self.document, known, None, message)
        condition = reader.read(model.show_if, (*place, "show_if"))
        self.problems += reader.problems
        if condition is not None:
            self.check_once(sorted(items_of(condition)), (*place, "show_if"), "cannot open another")
        return condition

    def _check_places(self) -> None:
        """Items stand in groups that there are, in a row and in one section, and look into no group that repeats."""
        groups = {group.id for group in self.model.groups}
        items = self.model.items
        for index, item in enumerate(items):
            if item.show_if is not None:
                self._check_view(index, item)
            if item.group is None:
                continue
            if item.group not in groups:
                self._wrong(("items", index, "group"), f"unknown group '{item.group}'")
            first = next(number for number, each in enumerate(items) if each.group == item.group)
            if any(each.group != item.group for each in items[first:index]):
                self._wrong(("items", index, "group"), f"the items of the group '{item.group}' must stand in a row")
            if item.section != items[first].section:
                self._wrong(("items", index, "section"), f"the items of the group '{item.group}' stand in two sections")

    def _check_view(self, index: int, item: ItemModel) -> None:
        read = self.items.get(item.link_id)
        condition = read.show_if if read is not None else None
        outside = [
            link_id
            for link_id in sorted(items_of(condition) if condition is not None else ())
            if self.items[link_id].group != item.group
        ]
        self.check_once(outside, ("items", index, "show_if"), "can open questions of its own instance only")

    def _check_repeats(self, place: Sequence[Key], model: GroupModel, members: list[tuple[int, ItemModel]]) -> None:
        if model.at_most is None:
            self._wrong((*place, "id"), "a group that repeats needs 'at_most': how many instances there may be")
        for number, item in members:
            for key in _ONCE:
                if getattr(item, key):
                    self._wrong(("items", number, key), f"'{key}' does not go with a question that is asked again")

    def _check_matrix(self, place: Sequence[Key], model: GroupModel, members: list[tuple[int, ItemModel]]) -> None:
        if len(members) == 1:
            self._wrong((*place, "kind"), f"the matrix '{model.id}' has one row; a question alone needs no group")
        for number, item in members:
            for message in _row_misfits(item, members[0][1]):
                self._wrong(("items", number), message)

    def _is_repeated(self, link_id: str) -> bool:
        return link_id in self.items and self.items[link_id].group in self.repeating

    def _wrong(self, place: Sequence[Key], message: str) -> None:
        self.problems.append(self.document.problem(place, message))


def _row_misfits(item: ItemModel, first: ItemModel) -> Iterator[str]:
    if item.type not in (ItemType.SCALE, ItemType.CHOICE):
        yield f"a row of a matrix is a scale or a choice, and '{item.link_id}' is {item.type.value}"
    elif (item.type, item.scale, item.options) != (first.type, first.scale, first.options):
        yield f"'{item.link_id}' does not have the answers of '{first.link_id}', the first row of its matrix"
    elif max(len(item.options), item.scale.max - item.scale.min + 1 if item.scale else 0) > MOST_ANSWERS:
        yield f"a row of a matrix has room for {MOST_ANSWERS} answers, and '{item.link_id}' has more"
    if any(option.open for option in item.options):
        yield f"'{item.link_id}' has an option with own words, for which a row of a matrix has no room"
