"""What many patients of a unit have answered, for its manager: dimensions and figures, never a patient."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.domain.conditions import Direction
from careplan.domain.correcting import CORRECTION_TIME
from careplan.domain.group_results import Period, grouped
from careplan.domain.questionnaire import Questionnaire
from careplan.domain.scoring import Scale
from careplan.i18n import local
from careplan.library import Library
from careplan.models import QuestionnaireResponse, Score
from careplan.queries.answers import questionnaire

# Where the middle of a scale begins and ends, as parts of its width: of 0-10 the middle goes from 4 to below 7.
MIDDLE = (0.4, 0.7)


@dataclass(frozen=True, slots=True)
class Result:
    """One dimension in one period."""

    first_on: date
    last_on: date
    people: int
    mean: float
    good: int
    middle: int
    bad: int


@dataclass(frozen=True, slots=True)
class Dimension:
    """The newest result first. `missing` people more must answer before the next; 0: its quarter is not over."""

    scale: Scale
    results: tuple[Result, ...]
    missing: int

    @property
    def limits(self) -> tuple[float, float]:
        """Where the middle begins, and where it ends."""
        low, high = self.scale.range
        return low + MIDDLE[0] * (high - low), low + MIDDLE[1] * (high - low)

    @property
    def is_better_high(self) -> bool:
        return self.scale.higher_means is Direction.BETTER


@dataclass(frozen=True, slots=True)
class Experience:
    form: Questionnaire
    at_least: int
    dimensions: tuple[Dimension, ...]

    @property
    def is_shown(self) -> bool:
        return any(dimension.results for dimension in self.dimensions)

    @property
    def missing(self) -> int:
        return min(dimension.missing for dimension in self.dimensions)


def experiences(db: Session, library: Library, unit_id: UUID, *, at: datetime) -> list[Experience]:
    """The forms whose content says that a unit sees their results, in the order of their titles."""
    marked = [(form, form.results_at_least) for form in library.questionnaires.values() if form.results_at_least]
    return [
        Experience(form, at_least, _dimensions(db, form, unit_id, at_least, at=at))
        for form, at_least in sorted(marked, key=lambda each: each[0].title["sv"])
    ]


def _dimensions(
    db: Session, form: Questionnaire, unit_id: UUID, at_least: int, *, at: datetime
) -> tuple[Dimension, ...]:
    given = _given(db, form, unit_id)
    fixed_before = (local(at) - CORRECTION_TIME).date()
    found = []
    for scale in form.scores:
        group = grouped(given[scale.id], at_least=at_least, fixed_before=fixed_before)
        results = tuple(_result(scale, period) for period in reversed(group.shown))
        found.append(Dimension(scale, results, max(0, at_least - group.waiting)))
    return tuple(found)


def _given(db: Session, form: Questionnaire, unit_id: UUID) -> dict[str, list[tuple[UUID, date, float]]]:
    """By dimension: who, when and the score; of the versions of the form that make it as the present one does."""
    rows = db.execute(
        sa.select(
            QuestionnaireResponse.patient_id,
            QuestionnaireResponse.content_hash,
            QuestionnaireResponse.ordered_at(),
            Score.score_id,
            Score.value,
        )
        .join(Score, Score.response_id == QuestionnaireResponse.id)
        .where(
            QuestionnaireResponse.unit_id == unit_id,
            QuestionnaireResponse.questionnaire_id == form.id,
            QuestionnaireResponse.is_newest(),
            Score.value.is_not(None),
        )
        .order_by(QuestionnaireResponse.ordered_at(), QuestionnaireResponse.id)
    ).all()
    made = {content_hash: _made(questionnaire(db, content_hash)) for content_hash in {row[1] for row in rows}}
    now = _made(form)
    given: dict[str, list[tuple[UUID, date, float]]] = defaultdict(list)
    for patient_id, content_hash, about_at, score_id, value in rows:
        if score_id in now and made[content_hash].get(score_id) == now[score_id]:
            given[score_id].append((patient_id, local(about_at).date(), value))
    return given


def _made(form: Questionnaire) -> dict[str, tuple[object, ...]]:
    return {
        scale.id: (scale.items, scale.method, scale.at_least, scale.range, scale.higher_means) for scale in form.scores
    }


def _result(scale: Scale, period: Period) -> Result:
    low, high = scale.range
    starts, ends = (low + part * (high - low) for part in MIDDLE)
    above = sum(value >= ends for value in period.values)
    below = sum(value < starts for value in period.values)
    good, bad = (above, below) if scale.higher_means is Direction.BETTER else (below, above)
    people = len(period.values)
    return Result(period.first_on, period.last_on, people, period.mean, good, people - good - bad, bad)
