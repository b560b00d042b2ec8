"""Scores of one response. What cannot be computed is missing, never 0."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from careplan.domain.answers import Answers
from careplan.domain.conditions import Direction
from careplan.domain.methods import Calculation, Score, Sheet, gather, mean, total

if TYPE_CHECKING:
    from careplan.domain.questionnaire import Questionnaire, Text


class Method(StrEnum):
    MEAN = "mean"
    SUM = "sum"
    PRORATED_SUM = "prorated-sum"
    LINEAR = "linear"
    LARGEST = "largest"
    FIRST_OF = "first-of"
    TABLE = "table"
    PERCENT_LOSS = "percent-loss"
    PROFILE = "profile"
    VALUE_SET = "value-set"
    GRADE = "grade"


class Verification(StrEnum):
    """What a figure rests on. One that is not verified may be shown with its mark, and raises no flag."""

    RUN = "run"
    QUOTED = "quoted"
    COMPUTED = "computed_from_quoted_rule"
    UNVERIFIED = "unverified"


@dataclass(frozen=True, slots=True)
class Band:
    """A part of a scale with a name. It goes to a last value, or to just below the start of the next band."""

    low: float
    high: float
    includes_high: bool
    name: "Text"


@dataclass(frozen=True, slots=True)
class Bands:
    bands: tuple[Band, ...]
    source: str
    verification: Verification

    def of(self, value: float) -> Band | None:
        """The band of a score; None below the first."""
        return next((band for band in reversed(self.bands) if value >= band.low), None)


@dataclass(frozen=True, slots=True)
class Threshold:
    """A limit that somebody has proposed for a scale; `comparison` is at_least, above or below."""

    comparison: str
    value: float
    means: "Text"
    source: str
    verification: Verification


def _not_compiled(_sheet: Sheet) -> Score:
    """Stands until `Scale` has compiled its own calculation; nothing is computed by it."""
    return None


@dataclass(frozen=True, slots=True)
class Scale:
    """How one score is made; `at_least` is the least number of answered items.

    `calculation` is compiled once; a mean or a sum of items needs nothing more for it than what stands here. Own forms
    have no `verification`: they are their own source. `missing_verification` is that of an `at_least` of its own."""

    id: str
    title: "Text"
    items: tuple[str, ...]
    method: Method
    at_least: int
    range: tuple[float, float]
    higher_means: Direction
    source: str
    scores: tuple[str, ...] = ()
    bands: Bands | None = None
    thresholds: tuple[Threshold, ...] = ()
    verification: Verification | None = None
    missing_verification: Verification | None = None
    calculation: Calculation = field(default=_not_compiled, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.calculation is _not_compiled:
            made = {Method.MEAN: mean, Method.SUM: total}[self.method](gather(self.items), self.at_least)
            object.__setattr__(self, "calculation", made)

    def may_flag(self, limit: Bands | Threshold) -> bool:
        """Whether this limit of its own may raise a flag: nothing that it rests on is unverified."""
        return Verification.UNVERIFIED not in (limit.verification, self.verification, self.missing_verification)


def scored(scales: Iterable[Scale], sheet: Sheet) -> dict[str, Score]:
    """Every score in its order; a later one may be made of earlier ones."""
    scores = sheet.scores
    for scale in scales:
        scores[scale.id] = scale.calculation(sheet)
    return scores


def profiles(q: "Questionnaire", answers: Answers) -> dict[str, str]:
    """The scores that are no numbers: 11121 is one level for each dimension."""
    return q.instrument.profile(answers) if q.instrument is not None else {}


def compute(q: "Questionnaire", answers: Answers) -> dict[str, float | None]:
    """Every score of the questionnaire from settled answers; None where too few items were answered."""
    if q.instrument is not None:
        return q.instrument.compute(answers)
    numbers = {link_id: number for link_id, answer in answers.items() if (number := answer.number) is not None}
    # The methods of own forms give numbers only.
    return {
        scale_id: None if isinstance(value, str) else value
        for scale_id, value in scored(q.scores, Sheet(answers, numbers)).items()
    }
