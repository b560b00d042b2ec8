"""Which questions are shown on the answers so far, and the way through them."""

import math
from dataclasses import dataclass

from careplan.domain.answers import NOT_SHOWN, UNANSWERED, Answer, Answers, AnswerState
from careplan.domain.conditions import holds
from careplan.domain.questionnaire.items import Item, ItemType, NotShown, Questionnaire, UnknownItem


@dataclass(frozen=True, slots=True)
class Progress:
    """Fråga `number` av `total`, ungefär `minutes_left` minuter."""

    number: int
    total: int
    minutes_left: int


def visible_items(q: Questionnaire, answers: Answers) -> list[Item]:
    """Questions and info items shown on these answers. A hidden item's answer never opens another."""
    shown: dict[str, Answer] = {}
    visible = []
    for item in q.items:
        if item.show_if is None or holds(item.show_if, shown, {}, None):
            visible.append(item)
            if item.link_id in answers:
                shown[item.link_id] = answers[item.link_id]
    return visible


def visible_questions(q: Questionnaire, answers: Answers) -> list[Item]:
    return [item for item in visible_items(q, answers) if item.type is not ItemType.INFO]


def check_shown(q: Questionnaire, answers: Answers, link_id: str) -> Item:
    item = q.item(link_id)
    if item not in visible_items(q, answers):
        raise NotShown(link_id)
    return item


def following(q: Questionnaire, answers: Answers, link_id: str | None) -> Item | None:
    """The next question shown; with None the first; None after the last."""
    return _neighbour(q, answers, link_id, step=1)


def preceding(q: Questionnaire, answers: Answers, link_id: str | None) -> Item | None:
    """The question shown before; with None (the review page) the last; None before the first."""
    return _neighbour(q, answers, link_id, step=-1)


def first_unanswered(q: Questionnaire, answers: Answers) -> Item | None:
    """The first shown question with neither an answer nor "vill inte svara"."""
    for item in visible_questions(q, answers):
        if answers.get(item.link_id, UNANSWERED).state not in (AnswerState.ANSWERED, AnswerState.DECLINED):
            return item
    return None


def progress(q: Questionnaire, answers: Answers, link_id: str) -> Progress:
    """Where this question stands among those shown now."""
    check_shown(q, answers, link_id)
    order = [item.link_id for item in visible_questions(q, answers)]
    if link_id not in order:
        raise NotShown(link_id)
    number = order.index(link_id) + 1
    left = math.ceil(q.minutes * (len(order) - number + 1) / len(order))
    return Progress(number, len(order), max(1, left))


def settled(q: Questionnaire, answers: Answers) -> dict[str, Answer]:
    """Every question once, in the order of the questionnaire; hidden ones are not shown, and their values gone."""
    for link_id in answers:
        q.item(link_id)
    shown = {item.link_id for item in visible_questions(q, answers)}
    return {item.link_id: _settled(item, answers) if item.link_id in shown else NOT_SHOWN for item in q.questions}


def _neighbour(q: Questionnaire, answers: Answers, link_id: str | None, *, step: int) -> Item | None:
    shown = {item.link_id for item in visible_questions(q, answers)}
    ordered = list(q.questions) if step > 0 else list(reversed(q.questions))
    if link_id is not None:
        # From a question that has just been hidden one still comes to its neighbours.
        order = [item.link_id for item in ordered]
        if link_id not in order:
            raise UnknownItem(link_id)
        ordered = ordered[order.index(link_id) + 1 :]
    return next((item for item in ordered if item.link_id in shown), None)


def _settled(item: Item, answers: Answers) -> Answer:
    answer = answers.get(item.link_id, UNANSWERED)
    return UNANSWERED if answer.state is AnswerState.NOT_SHOWN else answer
