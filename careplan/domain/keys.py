"""Scoring keys: how an instrument's answers become scores, without a word of its text."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from careplan.domain.answers import Answers, AnswerState, Value
from careplan.domain.errors import CareplanError
from careplan.domain.methods import Score, Sheet, Step, points_of
from careplan.domain.questionnaire import InvalidAnswer, Source, Text, UnknownItem
from careplan.domain.scoring import Scale, Verification, scored


class LicenceKind(StrEnum):
    PUBLIC_DOMAIN = "public-domain"
    FREE = "free"
    TERMS = "terms"
    REGISTRATION = "registration"
    PERMISSION = "permission"
    PAID = "paid"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class KeyLicence:
    """What the holder asks of those who use the instrument."""

    kind: LicenceKind
    holder: str
    asks: Text
    claims_scoring: bool
    source: str
    verification: Verification

    @property
    def must_be_recorded(self) -> bool:
        """Whether a unit records its licence before a form bound to the key may be published.

        Where it is unclear, it does; and where the holder claims the scoring, too."""
        is_free = self.kind in (LicenceKind.PUBLIC_DOMAIN, LicenceKind.FREE, LicenceKind.TERMS)
        return self.claims_scoring or not is_free


@dataclass(frozen=True, slots=True)
class Decision:
    """A question on which sources differ or are silent, and how this key answers it."""

    about: str
    decision: str
    reason: str


@dataclass(frozen=True, slots=True)
class Note:
    """Something said about an instrument that no score uses, with its mark."""

    text: str
    verification: Verification


@dataclass(frozen=True, slots=True)
class Code:
    """A LOINC code of the whole (`panel`) or of a score."""

    of: str
    code: str
    source: str
    verification: Verification


@dataclass(frozen=True, slots=True)
class KeyItem:
    """What may be answered and what each answer counts: `points` of single values, or a range of decimals in `steps`.

    `zero_after`: not shown after one of these answers to another item, it counts 0."""

    id: str
    points: Mapping[Value, float] = field(default_factory=dict)
    decimal: tuple[float, float] | None = None
    steps: tuple[Step, ...] = ()
    several: bool = False
    scored: bool = True
    zero_after: tuple[str, frozenset[Value]] | None = None

    def number(self, value: object) -> float:
        """What an answer counts; raises InvalidAnswer."""
        if self.decimal is not None:
            return self._measured(value)
        if self.several:
            return self._chosen(value)
        # True is 1 to Python, and not an answer.
        if isinstance(value, int | float | str) and value.__class__ is not bool and value in self.points:
            return self.points[value]
        raise InvalidAnswer(self.id, "unknown-option" if isinstance(value, str) else "out-of-range")

    def _measured(self, value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise InvalidAnswer(self.id, "not-a-number")
        low, high = self.decimal or (0, 0)
        # NaN is in no range.
        if not low <= value <= high:
            raise InvalidAnswer(self.id, "out-of-range")
        return points_of(value, self.steps) if self.steps else value

    def _chosen(self, value: object) -> float:
        codes = value if isinstance(value, tuple) else (value,)
        if len(set(codes)) < len(codes) or any(code not in self.points for code in codes):
            raise InvalidAnswer(self.id, "unknown-option")
        return sum(self.points[code] for code in codes)

    @property
    def ends(self) -> tuple[float, float]:
        """The least and the most it may count."""
        if self.several:
            return 0, sum(points for points in self.points.values() if points > 0)
        if self.decimal is not None and not self.steps:
            return self.decimal
        counts = [step.points for step in self.steps] or list(self.points.values())
        return min(counts), max(counts)


@dataclass(frozen=True, slots=True)
class ScoringKey:
    id: str
    version: str
    title: str
    measures: Text
    respondent: str
    licence: KeyLicence
    items: Mapping[str, KeyItem]
    scales: tuple[Scale, ...]
    basis: str
    sources: tuple[Source, ...]
    decisions: tuple[Decision, ...]
    notes: tuple[Note, ...]
    codes: tuple[Code, ...]
    hash: str

    def __hash__(self) -> int:
        return hash(self.hash)

    def scale(self, scale_id: str) -> Scale:
        for scale in self.scales:
            if scale.id == scale_id:
                return scale
        raise UnknownScale(self.id, scale_id)

    @property
    def marks(self) -> tuple[Verification, ...]:
        """The marks of its scores, the weakest last."""
        found = {scale.verification for scale in self.scales}
        return tuple(mark for mark in Verification if mark in found)


class UnknownScale(CareplanError, KeyError):
    def __init__(self, key_id: str, scale_id: str) -> None:
        super().__init__(key_id, scale_id)
        self.key_id, self.scale_id = key_id, scale_id


def compute(key: ScoringKey, answers: Answers) -> dict[str, Score]:
    """Every score of the key; None where the declared rule has too few answers.

    Raises UnknownItem and InvalidAnswer: an answer that the key does not know is an error, never left out."""
    return scored(key.scales, Sheet(answers, _numbers(key, answers)))


def _numbers(key: ScoringKey, answers: Answers) -> dict[str, float]:
    numbers: dict[str, float] = {}
    for item_id, answer in answers.items():
        item = key.items.get(item_id)
        if item is None:
            raise UnknownItem(item_id)
        if answer.state is AnswerState.ANSWERED:
            numbers[item_id] = item.number(answer.value)
        elif answer.state is AnswerState.NOT_SHOWN and item.zero_after is not None:
            earlier, values = item.zero_after
            if earlier in answers and answers[earlier].value in values:
                numbers[item_id] = 0
    return numbers
