"""Rule trees as data: comparisons of answers and scores, combined by all, any and not."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from statistics import median

from careplan.domain.answers import UNANSWERED, Answers

# How far back a rule may look: enough for a level of one's own, few enough to be about the time that is now.
MOST_IN_A_ROW, USUAL_OF, USUAL_AT_LEAST = 4, 4, 2


class Direction(StrEnum):
    """What a high figure means."""

    MORE_TROUBLE = "more-trouble"
    BETTER = "better"


class Comparison(StrEnum):
    AT_LEAST = "at_least"
    AT_MOST = "at_most"


@dataclass(frozen=True, slots=True)
class Compare:
    item: str
    comparison: Comparison
    limit: int | float


@dataclass(frozen=True, slots=True)
class Is:
    """One of these codes was chosen."""

    item: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WorseBy:
    """Worse than the person's previous answer by at least this much."""

    item: str
    by: int | float
    higher_means: Direction


@dataclass(frozen=True, slots=True)
class WorseThanUsual:
    """Worse by at least this much than the person's own level: the median of the last answers, two at least."""

    item: str
    by: int | float
    higher_means: Direction


@dataclass(frozen=True, slots=True)
class InARow:
    """The comparison holds now, and held each of the times before, `times` times in all."""

    item: str
    comparison: Comparison
    limit: int | float
    times: int


@dataclass(frozen=True, slots=True)
class ScoreAtLeast:
    score: str
    limit: int | float


@dataclass(frozen=True, slots=True)
class AllOf:
    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: "Condition"


Leaf = Compare | Is | WorseBy | WorseThanUsual | InARow | ScoreAtLeast
Condition = Leaf | AllOf | AnyOf | Not


def holds(
    condition: Condition,
    answers: Answers,
    scores: Mapping[str, float | None],
    previous: Answers | None,
    before: Sequence[Answers] = (),
) -> bool:
    """A comparison with a missing, declined or hidden answer, or with a missing score, is false.

    `previous` are the answers of the last time, `before` those of the times before it, the newest first.
    """
    match condition:
        case Compare(item, comparison, limit):
            return _compares(_number(answers, item), comparison, limit)
        case Is(item, values):
            return any(code in values for code in answers.get(item, UNANSWERED).codes)
        case WorseBy(item, by, higher_means):
            return _is_worse(_number(answers, item), _number(previous, item), by, higher_means)
        case WorseThanUsual(item, by, higher_means):
            numbers = [_number(each, item) for each in (previous, *before)]
            known = [number for number in numbers if number is not None][:USUAL_OF]
            usual = median(known) if len(known) >= USUAL_AT_LEAST else None
            return _is_worse(_number(answers, item), usual, by, higher_means)
        case InARow(item, comparison, limit, times):
            row = [answers, previous, *before][:times]
            return len(row) == times and all(_compares(_number(each, item), comparison, limit) for each in row)
        case ScoreAtLeast(score, limit):
            value = scores.get(score)
            return value is not None and value >= limit
        case AllOf(parts):
            return all(holds(part, answers, scores, previous, before) for part in parts)
        case AnyOf(parts):
            return any(holds(part, answers, scores, previous, before) for part in parts)
        case Not(part):
            return not holds(part, answers, scores, previous, before)


def _number(answers: Answers | None, item: str) -> float | None:
    return (answers or {}).get(item, UNANSWERED).number


def _compares(number: float | None, comparison: Comparison, limit: float) -> bool:
    if number is None:
        return False
    return number >= limit if comparison is Comparison.AT_LEAST else number <= limit


def _is_worse(now: float | None, before: float | None, by: float, higher_means: Direction) -> bool:
    if now is None or before is None:
        return False
    return (now - before if higher_means is Direction.MORE_TROUBLE else before - now) >= by


def looks_back(condition: Condition) -> int:
    """How many earlier responses it has to be shown."""
    needed = {WorseBy: 1, WorseThanUsual: USUAL_OF}
    return max(
        (leaf.times - 1 if isinstance(leaf, InARow) else needed.get(type(leaf), 0) for leaf in leaves(condition)),
        default=0,
    )


def moved(condition: Condition, names: Mapping[str, str]) -> Condition:
    """The same condition, looking at other items where `names` has one."""
    match condition:
        case ScoreAtLeast():
            return condition
        case AllOf(parts):
            return AllOf(tuple(moved(part, names) for part in parts))
        case AnyOf(parts):
            return AnyOf(tuple(moved(part, names) for part in parts))
        case Not(part):
            return Not(moved(part, names))
        case _:
            return replace(condition, item=names.get(condition.item, condition.item))


def items_of(condition: Condition) -> frozenset[str]:
    """The items a condition looks at."""
    return frozenset(leaf.item for leaf in leaves(condition) if not isinstance(leaf, ScoreAtLeast))


def scores_of(condition: Condition) -> frozenset[str]:
    """The scores a condition looks at."""
    return frozenset(leaf.score for leaf in leaves(condition) if isinstance(leaf, ScoreAtLeast))


def leaves(condition: Condition) -> Iterator[Leaf]:
    """The comparisons of a tree, in the order they are written."""
    match condition:
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from leaves(part)
        case Not(part):
            yield from leaves(part)
        case _:
            yield condition
