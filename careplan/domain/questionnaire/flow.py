"""Which questions are shown on the answers so far, and the way through them."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from careplan.domain.answers import NOT_SHOWN, UNANSWERED, Answer, Answers, AnswerState
from careplan.domain.conditions import holds
from careplan.domain.questionnaire.groups import Group, GroupKind, instance_key, split_key
from careplan.domain.questionnaire.items import Item, ItemType, NotShown, Questionnaire

GIVEN = (AnswerState.ANSWERED, AnswerState.DECLINED)


@dataclass(frozen=True, slots=True)
class Progress:
    """Fråga `number` av `total`, ungefär `minutes_left` minuter; `count` questions stand on the page."""

    number: int
    total: int
    minutes_left: int
    count: int = 1

    @property
    def last(self) -> int:
        return self.number + self.count - 1


def all_questions(q: Questionnaire, answers: Answers) -> list[Item]:
    """Every question, shown or not; those of a repeated group once for each instance that has an answer.

    Of a group that is hidden only the first instance: what is not shown has no number of instances.
    """
    return [item for item, _is_shown in _walk(q, answers) if item.type is not ItemType.INFO]


def visible_items(q: Questionnaire, answers: Answers, link_id: str | None = None) -> list[Item]:
    """Questions and info items shown on these answers. A hidden item's answer never opens another.

    With the key of a question in the instance after the last one, also that instance: it is about to be added.
    """
    return [item for item, is_shown in _walk(q, answers, link_id) if is_shown]


def visible_questions(q: Questionnaire, answers: Answers, link_id: str | None = None) -> list[Item]:
    return [item for item in visible_items(q, answers, link_id) if item.type is not ItemType.INFO]


def check_shown(q: Questionnaire, answers: Answers, link_id: str) -> Item:
    item = q.item(link_id)
    if item not in visible_items(q, answers, link_id):
        raise NotShown(link_id)
    return item


def together(q: Questionnaire, answers: Answers, link_id: str) -> list[Item]:
    """What stands on the page of this question: itself, or what is shown of its group and instance."""
    place = page_of(q.item(link_id))
    items = [item for item in visible_items(q, answers, link_id) if page_of(item) == place]
    if all(item.type is ItemType.INFO for item in items):
        raise NotShown(link_id)
    return items


def instance_count(q: Questionnaire, answers: Answers, group: Group) -> int:
    """How many instances of a group are answered; the first is asked about in any case."""
    return max(split_key(item.link_id)[1] for item, _is_shown in _walk(q, answers) if item.group == group.id)


def has_any(q: Questionnaire, answers: Answers, group: Group) -> bool:
    """Whether anything that is shown of the group has an answer."""
    return any(
        is_shown and item.group == group.id and answers.get(item.link_id, UNANSWERED).state in GIVEN
        for item, is_shown in _walk(q, answers)
    )


def without_instance(q: Questionnaire, answers: Answers, group: Group, instance: int) -> dict[str, Answer]:
    """The answers when one instance is taken away: those after it move up."""
    members = {item.link_id for item in q.members(group.id)}
    left = {}
    for key, answer in answers.items():
        link_id, number = split_key(key)
        if link_id not in members or number < instance:
            left[key] = answer
        elif number > instance:
            left[instance_key(link_id, number - 1)] = answer
    return left


def following(q: Questionnaire, answers: Answers, link_id: str | None) -> Item | None:
    """The next question shown; with None the first; None after the last."""
    return _neighbour(q, answers, link_id, step=1)


def preceding(q: Questionnaire, answers: Answers, link_id: str | None) -> Item | None:
    """The question shown before; with None (the review page) the last; None before the first."""
    return _neighbour(q, answers, link_id, step=-1)


def first_unanswered(q: Questionnaire, answers: Answers) -> Item | None:
    """The first shown question with neither an answer nor "vill inte svara"."""
    for item in visible_questions(q, answers):
        if answers.get(item.link_id, UNANSWERED).state not in GIVEN:
            return item
    return None


def progress(q: Questionnaire, answers: Answers, link_id: str) -> Progress:
    """Where the page of this question stands among the questions shown now."""
    check_shown(q, answers, link_id)
    order = visible_questions(q, answers, link_id)
    here = [number for number, item in enumerate(order, start=1) if page_of(item) == page_of(q.item(link_id))]
    if not here:
        raise NotShown(link_id)
    left = math.ceil(q.minutes * (len(order) - here[0] + 1) / len(order))
    return Progress(here[0], len(order), max(1, left), len(here))


def settled(q: Questionnaire, answers: Answers) -> dict[str, Answer]:
    """Every question once, in the order of the questionnaire; hidden ones are not shown, and their values gone."""
    for link_id in answers:
        q.item(link_id)
    return {
        item.link_id: _settled(item, answers) if is_shown else NOT_SHOWN
        for item, is_shown in _walk(q, answers)
        if item.type is not ItemType.INFO
    }


def hidden_answers(q: Questionnaire, answers: Answers) -> list[str]:
    """The keys of answers that the others hide, in the order of the form: kept in a draft, gone when it is sent."""
    shown = {item.link_id for item in visible_questions(q, answers)}
    order = [item.link_id for item in q.questions]
    hidden = [key for key, answer in answers.items() if answer.state in GIVEN and key not in shown]
    return sorted(hidden, key=lambda key: (split_key(key)[1], order.index(split_key(key)[0])))


def _walk(q: Questionnaire, answers: Answers, link_id: str | None = None) -> Iterator[tuple[Item, bool]]:
    """Each item in order, and whether it is shown."""
    shown: dict[str, Answer] = {}
    for group_id, members in groupby(q.items, key=lambda item: item.group):
        group = q.group(group_id) if group_id is not None else None
        if group is not None and group.show_if is not None and not holds(group.show_if, shown, {}, None):
            yield from ((item, False) for item in members)
        elif group is not None and group.kind is GroupKind.REPEATS:
            yield from _instances(q, group, list(members), answers, shown, link_id)
        else:
            yield from _shown(members, answers, shown)


def _shown(items: Iterable[Item], answers: Answers, shown: dict[str, Answer]) -> Iterator[tuple[Item, bool]]:
    for item in items:
        is_shown = item.show_if is None or holds(item.show_if, shown, {}, None)
        if is_shown and item.link_id in answers:
            shown[item.link_id] = answers[item.link_id]
        yield item, is_shown


def _instances(
    q: Questionnaire,
    group: Group,
    members: Sequence[Item],
    answers: Answers,
    shown: dict[str, Answer],
    link_id: str | None,
) -> Iterator[tuple[Item, bool]]:
    """The first instance, and those up to the last one with an answer that is shown."""
    found = [
        list(_shown([q.item(instance_key(item.link_id, number)) for item in members], answers, shown))
        for number in range(1, group.at_most + 1)
    ]
    begun = [
        number
        for number, rows in enumerate(found, start=1)
        if any(is_shown and answers.get(item.link_id, UNANSWERED).state in GIVEN for item, is_shown in rows)
    ]
    count = max(begun, default=1)
    if link_id is not None and q.item(link_id).group == group.id and split_key(link_id)[1] == count + 1:
        count += 1
    for rows in found[:count]:
        yield from rows


def page_of(item: Item) -> tuple[str, int]:
    """The page that an item stands on."""
    link_id, instance = split_key(item.link_id)
    return (link_id, 0) if item.group is None else (item.group, instance)


def _neighbour(q: Questionnaire, answers: Answers, link_id: str | None, *, step: int) -> Item | None:
    order = [item for item in _walk(q, answers, link_id) if item[0].type is not ItemType.INFO][::step]
    if link_id is None:
        return next((item for item, is_shown in order if is_shown), None)
    # From a question that has just been hidden one still comes to its neighbours.
    here = q.item(link_id)
    places = [page_of(item) for item, _is_shown in order]
    if page_of(here) not in places:
        here = q.item(split_key(link_id)[0])
    last = len(places) - places[::-1].index(page_of(here))
    return next((item for item, is_shown in order[last:] if is_shown), None)


def _settled(item: Item, answers: Answers) -> Answer:
    answer = answers.get(item.link_id, UNANSWERED)
    return UNANSWERED if answer.state is AnswerState.NOT_SHOWN else answer
