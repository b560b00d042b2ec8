"""The ways to make a score of answers. Each is a closure over plain tuples; what it cannot compute is None, never 0."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from careplan.domain.answers import Answers, AnswerState

Score = float | str | None


@dataclass(slots=True)
class Sheet:
    """One response: the answers as given, what the answered ones count, and the scores so far, in their order."""

    answers: Answers
    numbers: Mapping[str, float]
    scores: dict[str, Score] = field(default_factory=dict)


Calculation = Callable[[Sheet], Score]
Gather = Callable[[Sheet], list[float]]


@dataclass(frozen=True, slots=True)
class Step:
    """What a number counts up to a limit; the last step has none."""

    points: float
    limit: float | None = None
    includes_limit: bool = False

    def holds(self, number: float) -> bool:
        if self.limit is None:
            return True
        return number <= self.limit if self.includes_limit else number < self.limit


def gather(items: Sequence[str], scores: Sequence[str] = (), turned: Mapping[str, float] | None = None) -> Gather:
    """The numbers that are there. A turned one is its lowest plus its highest value (given here) less itself."""
    names, earlier, ends = tuple(items), tuple(scores), dict(turned or {})

    def plain(sheet: Sheet) -> list[float]:
        numbers = sheet.numbers
        return [numbers[name] for name in names if name in numbers]

    def mixed(sheet: Sheet) -> list[float]:
        numbers = sheet.numbers
        found = [ends[name] - numbers[name] if name in ends else numbers[name] for name in names if name in numbers]
        for name in earlier:
            value = sheet.scores[name]
            if isinstance(value, int | float):
                found.append(ends[name] - value if name in ends else value)
        return found

    return mixed if earlier or ends else plain


def total(parts: Gather, at_least: int, times: float = 1) -> Calculation:
    def calculate(sheet: Sheet) -> Score:
        found = parts(sheet)
        return float(sum(found) * times) if _enough(found, at_least) else None

    return calculate


def prorated(parts: Gather, at_least: int, count: int, decimals: int) -> Calculation:
    """The sum as if those not answered were like the mean of those answered, rounded before others build on it."""

    def calculate(sheet: Sheet) -> Score:
        found = parts(sheet)
        return round(sum(found) * count / len(found), decimals) if _enough(found, at_least) else None

    return calculate


def mean(parts: Gather, at_least: int) -> Calculation:
    def calculate(sheet: Sheet) -> Score:
        found = parts(sheet)
        return sum(found) / len(found) if _enough(found, at_least) else None

    return calculate


def linear(parts: Gather, at_least: int, low: float, high: float, *, turned: bool) -> Calculation:
    """The mean of items that go from low to high, as 0 to 100; turned: 100 is their lowest."""
    span = high - low

    def calculate(sheet: Sheet) -> Score:
        found = parts(sheet)
        if not _enough(found, at_least):
            return None
        count = len(found)
        above = count * high - sum(found) if turned else sum(found) - count * low
        return above * 100 / (count * span)

    return calculate


def largest(parts: Gather, at_least: int) -> Calculation:
    def calculate(sheet: Sheet) -> Score:
        found = parts(sheet)
        return float(max(found)) if _enough(found, at_least) else None

    return calculate


def first_of(scores: Sequence[str]) -> Calculation:
    """The first of these scores that could be computed."""
    names = tuple(scores)

    def calculate(sheet: Sheet) -> Score:
        return next((sheet.scores[name] for name in names if sheet.scores[name] is not None), None)

    return calculate


def table(parts: Gather, at_least: int, values: Mapping[float, float]) -> Calculation:
    """The sum, looked up."""

    def calculate(sheet: Sheet) -> Score:
        found = parts(sheet)
        return float(values[sum(found)]) if _enough(found, at_least) else None

    return calculate


def percent_loss(before: str, now: str, steps: Sequence[Step]) -> Calculation:
    """What the loss from one number to the other, in percent of the first, counts."""
    ladder = tuple(steps)

    def calculate(sheet: Sheet) -> Score:
        first, last = sheet.numbers.get(before), sheet.numbers.get(now)
        if not first or last is None:
            return None
        # Multiplied first: 2 of 100 is then exactly 2 percent.
        return points_of((first - last) * 100 / first, ladder)

    return calculate


def points_of(number: float, steps: Sequence[Step]) -> float:
    return float(next(step.points for step in steps if step.holds(number)))


def profile(items: Sequence[str], missing: str) -> Calculation:
    """The levels as digits in their order, with a digit for those that are missing."""
    names = tuple(items)

    def calculate(sheet: Sheet) -> Score:
        return "".join(str(int(sheet.numbers[name])) if name in sheet.numbers else missing for name in names)

    return calculate


def value_set(start: float, levels: Mapping[str, Sequence[float]], once: Mapping[int, float]) -> Calculation:
    """A start value less what each dimension's level takes, and less what any level from a limit up takes, once."""
    tables = tuple((name, tuple(taken)) for name, taken in levels.items())
    limits = tuple(once.items())

    def calculate(sheet: Sheet) -> Score:
        value, worst = start, 1
        for name, taken in tables:
            if name not in sheet.numbers:
                return None
            level = int(sheet.numbers[name])
            value -= taken[level - 1]
            worst = max(worst, level)
        # The published sets have at most six decimals; the rest is noise of the subtraction.
        return round(value - sum(taken for limit, taken in limits if worst >= limit), 8)

    return calculate


def grade(patterns: Mapping[tuple[str, ...], Mapping[tuple[float, ...], float]]) -> Calculation:
    """One grade of the attributes that were asked about; the pattern is those that are among the answers.

    When the first is 0 the rest need not be shown, and the grade is 0. A skipped one gives no grade."""
    order = sorted({name for names in patterns for name in names}, key=max(patterns, key=len).index)

    def calculate(sheet: Sheet) -> Score:
        asked = tuple(name for name in order if name in sheet.answers)
        if asked not in patterns:
            return None
        found = tuple(sheet.numbers.get(name) for name in asked)
        if found[0] == 0:
            skipped = any(
                number is None and sheet.answers[name].state is not AnswerState.NOT_SHOWN
                for name, number in zip(asked, found, strict=True)
            )
            return None if skipped else 0.0
        known = tuple(number for number in found if number is not None)
        return float(patterns[asked][known]) if len(known) == len(asked) else None

    return calculate


def unless(calculation: Calculation, item: str, values: Sequence[float | str]) -> Calculation:
    """Not applicable when the item was answered with one of these; one without an answer does not matter."""
    stops = frozenset(values)

    def calculate(sheet: Sheet) -> Score:
        answer = sheet.answers.get(item)
        return None if answer is not None and answer.value in stops else calculation(sheet)

    return calculate


def if_answered(calculation: Calculation, items: Sequence[str], at_least: int) -> Calculation:
    """Only when so many of these items were answered too."""
    names = tuple(items)

    def calculate(sheet: Sheet) -> Score:
        return calculation(sheet) if sum(name in sheet.numbers for name in names) >= at_least else None

    return calculate


def _enough(found: Sequence[float], at_least: int) -> bool:
    return len(found) >= at_least and bool(found)
