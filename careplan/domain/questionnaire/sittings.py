"""A form for who has little strength: short sittings, and what matters most first."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from careplan.domain.answers import Answers
from careplan.domain.conditions import items_of
from careplan.domain.questionnaire.flow import visible_questions
from careplan.domain.questionnaire.items import Item, ItemType, NotShown, Questionnaire
from careplan.domain.triage import Level, looked_at

LONGEST_SITTING = 7
LEAST = 3


@dataclass(frozen=True, slots=True)
class Place:
    """Fråga `number` av `total` i den här omgången, ungefär `minutes_left` minuter."""

    number: int
    total: int
    minutes_left: int


def is_order_locked(q: Questionnaire) -> bool:
    """An instrument, and wording that has been validated, are asked in their own order: it was tested with them."""
    return q.instrument is not None or "validated" in q.languages.values()


@lru_cache(maxsize=64)
def shortened(q: Questionnaire) -> Questionnaire:
    """The same form with its most important questions first; where the order is locked only the pauses remain.

    First comes what may raise a red flag, then a yellow one, then what counts in a score or may be wished for, then
    the rest; within each the order of the form. A question comes after those that open it, as everywhere, and one
    that goes on from the question just before it ("Pågår det nu?") still does. Answers, scores and flags are the same
    in either order: only the way through the form is another.
    """
    if is_order_locked(q):
        return q
    ranks = _ranks(q)
    return replace(q, items=tuple(sorted(q.items, key=lambda item: ranks[item.link_id])))


def sittings(q: Questionnaire, answers: Answers) -> list[list[Item]]:
    """The questions shown on these answers, at most so many at a time."""
    shown = visible_questions(q, answers)
    return [shown[start : start + LONGEST_SITTING] for start in range(0, len(shown), LONGEST_SITTING)]


def place(q: Questionnaire, answers: Answers, link_id: str) -> Place:
    """Where this question stands in its sitting."""
    parts = sittings(q, answers)
    for part in parts:
        order = [item.link_id for item in part]
        if link_id in order:
            number = order.index(link_id) + 1
            left = q.minutes * (len(part) - number + 1) / sum(map(len, parts))
            return Place(number, len(part), max(1, math.ceil(left)))
    raise NotShown(link_id)


def ends_sitting(q: Questionnaire, answers: Answers, link_id: str) -> bool:
    """Whether a pause follows this question: it is the last of its sitting, and there is another sitting."""
    return any(part[-1].link_id == link_id for part in sittings(q, answers)[:-1])


def _ranks(q: Questionnaire) -> dict[str, int]:
    """How soon each item comes; what opens a question comes as soon as the question does."""
    weights = _weights(q)
    ranks = dict(weights)
    for item in reversed(q.questions):  # conditions look at earlier questions only
        for opener in _openers(item):
            ranks[opener] = min(ranks[opener], ranks[item.link_id])
    for item, before in _going_on(q):
        # As soon as the question that it goes on from, unless it waits for another.
        together = max(min(weights[each] for each in before), *(ranks[opener] for opener in _openers(item)))
        ranks[item.link_id] = min(ranks[item.link_id], together)
    for position, item in enumerate(q.items):
        if item.type is ItemType.INFO:
            soonest = min((ranks[each.link_id] for each in _introduced(q, position)), default=LEAST)
            ranks[item.link_id] = max(soonest, *(ranks[opener] for opener in _openers(item)), 0)
    return ranks


def _weights(q: Questionnaire) -> dict[str, int]:
    """How much each item matters by itself."""
    counted = {item for score in q.scores for item in score.items} | {item.link_id for item in q.items if item.wish}
    ranks = {item.link_id: LEAST for item in q.items}
    for rank, wanted in ((2, counted), (1, looked_at(q, Level.YELLOW)), (0, looked_at(q, Level.RED))):
        ranks |= dict.fromkeys(wanted & ranks.keys(), rank)
    return ranks


def _going_on(q: Questionnaire) -> Iterator[tuple[Item, frozenset[str]]]:
    """The questions that stand right after what opens them, or after another such question, and what opens them."""
    run: set[str] = set()
    for item in q.questions:
        before = _openers(item) & run
        if before:
            yield item, before
        else:
            run = set()
        run.add(item.link_id)


def _openers(item: Item) -> frozenset[str]:
    return items_of(item.show_if) if item.show_if is not None else frozenset()


def _introduced(q: Questionnaire, position: int) -> Iterable[Item]:
    """The questions that a text stands before: to the next text or the end of its section."""
    for item in q.items[position + 1 :]:
        if item.type is ItemType.INFO or item.section != q.items[position].section:
            return
        yield item
