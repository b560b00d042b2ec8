"""Rules tried on answers that a unit has already: how many flags they would raise, beside those that count now."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import NamedTuple
from zoneinfo import ZoneInfo

from careplan.domain.answers import Answers
from careplan.domain.conditions import USUAL_OF, holds
from careplan.domain.triage import Level, Rule, standing

# Above these shares of all responses nobody keeps up, and what is red is no longer seen among what is not.
# The figures are those of the project's own brief; no clinic has agreed to them.
MOST_FLAGGED, MOST_RED = 0.15, 0.03
PERIOD = timedelta(days=365)
MOST_NAMED = 200


class Case(NamedTuple):
    """One response as it was stored. `series` tells whose answers in which order: of one person, the oldest first."""

    series: object
    number: str  # the receipt's: says nothing about who it is
    sent_at: datetime
    answers: Answers
    scores: Mapping[str, float | None]


@dataclass(slots=True)
class Load:
    """What one set of rules makes of the answers."""

    red: int = 0
    yellow: int = 0
    weeks: Counter[date] = field(default_factory=Counter)  # Monday of the week -> flagged responses
    rules: Counter[str] = field(default_factory=Counter)  # rule id -> responses that it flagged

    @property
    def flagged(self) -> int:
        return self.red + self.yellow

    def add(self, held: Sequence[Rule], monday: date) -> Level | None:
        """Count a response for which these rules held; gives the level that it stands at."""
        raised = standing(held)
        if not raised:
            return None
        level = raised[0].level  # red comes first
        if level is Level.RED:
            self.red += 1
        else:
            self.yellow += 1
        self.weeks[monday] += 1
        self.rules.update({rule.id for rule in raised})
        return level


class Changed(NamedTuple):
    """A response that would stand otherwise in the list."""

    number: str
    sent_on: date
    before: Level | None
    after: Level | None


@dataclass(slots=True)
class Trial:
    """Both sets of rules over the same answers; fed a person's series at a time."""

    now: Sequence[Rule]
    proposed: Sequence[Rule]
    zone: ZoneInfo
    responses: int = 0
    load_now: Load = field(default_factory=Load)
    load_proposed: Load = field(default_factory=Load)
    moves: Counter[tuple[Level | None, Level | None]] = field(default_factory=Counter)
    changed: list[Changed] = field(default_factory=list)
    # Most rules are in both sets: each is asked once.
    _asked: list[Rule] = field(init=False)
    _is_now: list[bool] = field(init=False)
    _is_proposed: list[bool] = field(init=False)

    def __post_init__(self) -> None:
        self._asked = list(dict.fromkeys((*self.now, *self.proposed)))
        self._is_now = [rule in self.now for rule in self._asked]
        self._is_proposed = [rule in self.proposed for rule in self._asked]

    def feed(self, cases: Iterable[Case], *, since: datetime) -> None:
        """Cases in the order of their series; those before `since` are only looked back at."""
        for _series, own in groupby(cases, key=lambda case: case.series):
            earlier: list[Answers] = []
            for case in own:
                if case.sent_at >= since:
                    self._count(case, earlier)
                earlier = [case.answers, *earlier[: USUAL_OF - 1]]

    def _count(self, case: Case, earlier: Sequence[Answers]) -> None:
        previous, further = (earlier[0], earlier[1:]) if earlier else (None, ())
        held = [
            number
            for number, rule in enumerate(self._asked)
            if holds(rule.when, case.answers, case.scores, previous, further)
        ]
        day = case.sent_at.astimezone(self.zone).date()
        monday = day - timedelta(days=day.weekday())
        before = self.load_now.add([self._asked[number] for number in held if self._is_now[number]], monday)
        after = self.load_proposed.add([self._asked[number] for number in held if self._is_proposed[number]], monday)
        self.responses += 1
        if before is not after:
            self.moves[before, after] += 1
            if len(self.changed) < MOST_NAMED:
                self.changed.append(Changed(case.number, day, before, after))


def share(part: int, whole: int) -> float | None:
    """None where there is nothing to have a share of."""
    return part / whole if whole else None


def is_too_flagged(flagged: int, responses: int) -> bool:
    return flagged > MOST_FLAGGED * responses


def is_too_red(red: int, responses: int) -> bool:
    return red > MOST_RED * responses
