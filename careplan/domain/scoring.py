"""Scores of one response. What cannot be computed is missing, never 0."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from careplan.domain.answers import UNANSWERED, Answers
from careplan.domain.conditions import Direction

if TYPE_CHECKING:
    from careplan.domain.questionnaire import Questionnaire, Text


class Method(StrEnum):
    MEAN = "mean"
    SUM = "sum"


@dataclass(frozen=True, slots=True)
class Scale:
    """How one score is made of items; `at_least` is the least number of answered items."""

    id: str
    title: "Text"
    items: tuple[str, ...]
    method: Method
    at_least: int
    range: tuple[float, float]
    higher_means: Direction
    source: str


def compute(q: "Questionnaire", answers: Answers) -> dict[str, float | None]:
    """Every score of the questionnaire from settled answers; None where too few items were answered."""
    return {scale.id: _value(scale, answers) for scale in q.scores}


def _value(scale: Scale, answers: Answers) -> float | None:
    numbers = [number for item in scale.items if (number := answers.get(item, UNANSWERED).number) is not None]
    if not numbers or len(numbers) < scale.at_least:
        return None
    total = float(sum(numbers))
    return total / len(numbers) if scale.method is Method.MEAN else total
