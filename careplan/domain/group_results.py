"""Results of a group, and never of a person: whole quarters, joined until enough people have answered.

The periods never overlap and never change once they are shown: no two of them differ by one person's answers, and
nobody learns an answer by looking today and again tomorrow.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Period:
    """Whole quarters, and the last value of each person who answered in them."""

    first_on: date
    last_on: date
    values: tuple[float, ...]

    @property
    def mean(self) -> float:
        return sum(self.values) / len(self.values)


@dataclass(frozen=True, slots=True)
class Grouped:
    """`shown` are the periods with enough people, the oldest first; `waiting` people have answered since."""

    shown: tuple[Period, ...]
    waiting: int


def grouped(answers: Iterable[tuple[Hashable, date, float]], *, at_least: int, fixed_before: date) -> Grouped:
    """Person, day and value, in any order. A quarter counts once it ended before `fixed_before`: then none of its
    answers can change."""
    days: dict[tuple[date, date], list[tuple[Hashable, float]]] = {}
    for person, on, value in sorted(answers, key=lambda answer: answer[1]):
        days.setdefault(quarter_of(on), []).append((person, value))
    shown: list[Period] = []
    first_on: date | None = None
    people: dict[Hashable, float] = {}
    for (starts_on, ends_on), given in days.items():
        first_on = first_on or starts_on
        people |= dict(given)
        if len(people) >= at_least and ends_on < fixed_before:
            shown.append(Period(first_on, ends_on, tuple(people.values())))
            first_on, people = None, {}
    return Grouped(tuple(shown), len(people))


def quarter_of(on: date) -> tuple[date, date]:
    """The first and the last day of the quarter of the year."""
    month = on.month - (on.month - 1) % 3
    first = date(on.year, month, 1)
    following = date(on.year + (month == 10), (month + 2) % 12 + 1, 1)
    return first, following - timedelta(days=1)
