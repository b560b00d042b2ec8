"""A form for who has little strength: short sittings, and what matters most first."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby

from careplan.domain.answers import UNANSWERED, Answers
from careplan.domain.conditions import items_of
from careplan.domain.questionnaire.flow import (
    GIVEN,
    Progress,
    first_unanswered,
    following,
    page_of,
    together,
    visible_questions,
)
from careplan.domain.questionnaire.items import Item, ItemType, Questionnaire
from careplan.domain.triage import Level, looked_at

LONGEST_SITTING = 7
LEAST = 3


@dataclass(frozen=True, slots=True)
class Unit:
    """What is moved as one: a question, a text, or all of a group. `openers` are the numbers of earlier units."""

    items: tuple[Item, ...]
    weight: int
    openers: frozenset[int]

    @property
    def is_text(self) -> bool:
        return all(item.type is ItemType.INFO for item in self.items)


def is_order_locked(q: Questionnaire) -> bool:
    """An instrument, and wording that has been validated, are asked in their own order: it was tested with them."""
    return q.instrument is not None or "validated" in q.languages.values()


@lru_cache(maxsize=64)
def shortened(q: Questionnaire, done: frozenset[str] = frozenset()) -> Questionnaire:
    """The same form with its most important questions first; where the order is locked only the pauses remain.

    First comes what may raise a red flag, then a yellow one, then what counts in a score or may be wished for, then
    the rest; within each the order of the form. A question comes after those that open it, as everywhere, and one
    that goes on from the question just before it ("Pågår det nu?") still does. A group moves as one. What was `done`
    before stays in front of it all. Answers, scores and flags are the same in either order: only the way through the
    form is another.
    """
    if is_order_locked(q):
        return q
    units = _units(q)
    ranks = _ranks(units)
    in_front = _in_front(units, done)
    order = sorted(range(len(units)), key=lambda number: (number not in in_front, ranks[number]))
    return replace(q, items=tuple(item for number in order for item in units[number].items))


def sittings(
    q: Questionnaire, answers: Answers, *, done: frozenset[str] = frozenset(), link_id: str | None = None
) -> list[list[Item]]:
    """The questions shown on these answers that were not done before, so many at a time.

    What stands on one page is not parted. With the key of a question in the instance of a group that is about to be
    added, also that instance.
    """
    left = [item for item in visible_questions(q, answers, link_id) if item.link_id not in done]
    parts: list[list[Item]] = []
    for _page, items in groupby(left, key=page_of):
        here = list(items)
        if parts and len(parts[-1]) + len(here) <= LONGEST_SITTING:
            parts[-1] += here
        else:
            parts.append(here)
    return parts


def progress_in_sitting(
    q: Questionnaire, answers: Answers, link_id: str, *, done: frozenset[str] = frozenset()
) -> Progress | None:
    """Where the page of this question stands in its sitting; None where it was done before."""
    wanted = page_of(q.item(link_id))
    parts = sittings(q, answers, done=done, link_id=link_id)
    for part in parts:
        here = [number for number, item in enumerate(part, start=1) if page_of(item) == wanted]
        if here:
            left = q.minutes * (len(part) - here[0] + 1) / len(visible_questions(q, answers))
            return Progress(here[0], len(part), max(1, math.ceil(left)), len(here))
    return None


def is_pause_between(
    q: Questionnaire, answers: Answers, before: str, after: str, *, done: frozenset[str] = frozenset()
) -> bool:
    """Whether one sitting ends between these two questions; nothing ends with what was done before."""
    parts = sittings(q, answers, done=done)
    pages = [page_of(q.item(before)), page_of(q.item(after))]
    found = [next((n for n, part in enumerate(parts) if page in map(page_of, part)), None) for page in pages]
    return None not in found and found[0] != found[1]


def going_on(q: Questionnaire, answers: Answers, *, done: frozenset[str] = frozenset()) -> Item | None:
    """Where one goes on: the first question without an answer behind the last that was answered in these sittings.

    What was skipped before that comes only when nothing else is left.
    """
    shown = [item for item in visible_questions(q, answers) if item.link_id not in done]
    given = [answers.get(item.link_id, UNANSWERED).state in GIVEN for item in shown]
    reached = max((number for number, is_given in enumerate(given, start=1) if is_given), default=0)
    return shown[reached] if reached < len(shown) else first_unanswered(q, answers)


def next_open(q: Questionnaire, answers: Answers, link_id: str) -> Item | None:
    """The next page on which something is left to answer, by its first question; None when there is none."""
    item = following(q, answers, link_id)
    while item is not None and _is_done(q, answers, item.link_id):
        item = following(q, answers, item.link_id)
    return item


def _is_done(q: Questionnaire, answers: Answers, link_id: str) -> bool:
    asked = [item.link_id for item in together(q, answers, link_id) if item.type is not ItemType.INFO]
    return all(answers.get(each, UNANSWERED).state in GIVEN for each in asked)


def _units(q: Questionnaire) -> list[Unit]:
    counted = {item for score in q.scores for item in score.items} | {item.link_id for item in q.items if item.wish}
    wanted = (looked_at(q, Level.RED), looked_at(q, Level.YELLOW), counted)
    units: list[Unit] = []
    found: dict[str, int] = {}
    for _page, grouped in groupby(q.items, key=page_of):
        items = tuple(grouped)
        names = {item.link_id for item in items}
        group = q.group_of(items[0])
        conditions = [item.show_if for item in items] + ([group.show_if] if group else [])
        openers = {each for condition in conditions if condition is not None for each in items_of(condition)} - names
        weight = next((rank for rank, some in enumerate(wanted) if names & some), LEAST)
        units.append(Unit(items, weight, frozenset(found[each] for each in openers)))
        found |= dict.fromkeys(names, len(units) - 1)
    return units


def _ranks(units: Sequence[Unit]) -> list[int]:
    """How soon each unit comes: what opens another as soon as that one."""
    ranks = [unit.weight for unit in units]
    for number in reversed(range(len(units))):  # conditions look at earlier questions only
        for opener in units[number].openers:
            ranks[opener] = min(ranks[opener], ranks[number])
    for number, before in _going_on(units):
        # As soon as the question that it goes on from, unless it waits for another.
        waits = max(ranks[opener] for opener in units[number].openers)
        ranks[number] = min(ranks[number], max(waits, min(units[each].weight for each in before)))
    for number, unit in enumerate(units):
        if unit.is_text:
            soonest = min((ranks[each] for each in _introduced(units, number)), default=LEAST)
            ranks[number] = max([soonest, *(ranks[opener] for opener in unit.openers)])
    return ranks


def _in_front(units: Sequence[Unit], done: frozenset[str]) -> set[int]:
    """The units that were begun before, and what opens them."""
    front = {number for number, unit in enumerate(units) if done & {item.link_id for item in unit.items}}
    for number in reversed(range(len(units))):
        if number in front:
            front |= units[number].openers
    return front


def _going_on(units: Sequence[Unit]) -> Iterator[tuple[int, frozenset[int]]]:
    """What stands right after the question that opens it, or after another such one, and what opens it there."""
    run: set[int] = set()
    for number, unit in enumerate(units):
        if unit.is_text:
            continue
        before = unit.openers & run
        if before:
            yield number, before
        else:
            run = set()
        run.add(number)


def _introduced(units: Sequence[Unit], number: int) -> Iterator[int]:
    """What a text stands before: to the next text or the end of its section."""
    for later in range(number + 1, len(units)):
        if units[later].is_text or units[later].items[0].section != units[number].items[0].section:
            return
        yield later
