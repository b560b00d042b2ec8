"""Rule trees as data: comparisons of answers and scores, combined by all, any and not."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from careplan.domain.answers import UNANSWERED, Answers


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


Condition = Compare | Is | WorseBy | ScoreAtLeast | AllOf | AnyOf | Not


def holds(condition: Condition, answers: Answers, scores: Mapping[str, float | None], previous: Answers | None) -> bool:
    """A comparison with a missing, declined or hidden answer, or with a missing score, is false."""
    match condition:
        case Compare(item, comparison, limit):
            number = answers.get(item, UNANSWERED).number
            if number is None:
                return False
            return number >= limit if comparison is Comparison.AT_LEAST else number <= limit
        case Is(item, values):
            return any(code in values for code in answers.get(item, UNANSWERED).codes)
        case WorseBy(item, by, higher_means):
            now = answers.get(item, UNANSWERED).number
            before = (previous or {}).get(item, UNANSWERED).number
            if now is None or before is None:
                return False
            return (now - before if higher_means is Direction.MORE_TROUBLE else before - now) >= by
        case ScoreAtLeast(score, limit):
            value = scores.get(score)
            return value is not None and value >= limit
        case AllOf(parts):
            return all(holds(part, answers, scores, previous) for part in parts)
        case AnyOf(parts):
            return any(holds(part, answers, scores, previous) for part in parts)
        case Not(part):
            return not holds(part, answers, scores, previous)


def moved(condition: Condition, names: Mapping[str, str]) -> Condition:
    """The same condition, looking at other items where `names` has one."""
    match condition:
        case Compare(item, comparison, limit):
            return Compare(names.get(item, item), comparison, limit)
        case Is(item, values):
            return Is(names.get(item, item), values)
        case WorseBy(item, by, higher_means):
            return WorseBy(names.get(item, item), by, higher_means)
        case ScoreAtLeast():
            return condition
        case AllOf(parts):
            return AllOf(tuple(moved(part, names) for part in parts))
        case AnyOf(parts):
            return AnyOf(tuple(moved(part, names) for part in parts))
        case Not(part):
            return Not(moved(part, names))


def items_of(condition: Condition) -> frozenset[str]:
    """The items a condition looks at."""
    return frozenset(leaf.item for leaf in leaves(condition) if not isinstance(leaf, ScoreAtLeast))


def scores_of(condition: Condition) -> frozenset[str]:
    """The scores a condition looks at."""
    return frozenset(leaf.score for leaf in leaves(condition) if isinstance(leaf, ScoreAtLeast))


def leaves(condition: Condition) -> Iterator[Compare | Is | WorseBy | ScoreAtLeast]:
    """The comparisons of a tree, in the order they are written."""
    match condition:
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from leaves(part)
        case Not(part):
            yield from leaves(part)
        case Compare() | Is() | WorseBy() | ScoreAtLeast():
            yield condition
