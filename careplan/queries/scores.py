"""Stored scores beside those that the stored answers give now, a page of responses at a time."""

import math
from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.db import Base
from careplan.domain.answers import Answer, restored
from careplan.domain.errors import CareplanError
from careplan.domain.questionnaire import Questionnaire
from careplan.domain.scoring import compute, profiles
from careplan.queries.answers import questionnaire

PAGE = 500
START = UUID(int=0)

RESPONSE = Base.metadata.tables["questionnaire_response"]
ANSWER = Base.metadata.tables["response_answer"]
SCORE = Base.metadata.tables["score"]
RESPONSES = (
    sa.select(RESPONSE.c.id, RESPONSE.c.patient_id, RESPONSE.c.content_hash)
    .where(RESPONSE.c.id > sa.bindparam("after"))
    .order_by(RESPONSE.c.id)
    .limit(PAGE)
)
# Both keys begin with the response, so a page is one stretch of each table.
ANSWERS = sa.select(ANSWER.c.response_id, ANSWER.c.link_id, ANSWER.c.state, ANSWER.c.value).where(
    ANSWER.c.response_id.between(sa.bindparam("first"), sa.bindparam("last"))
)
SCORES = sa.select(SCORE.c.response_id, SCORE.c.score_id, SCORE.c.value, SCORE.c.text).where(
    SCORE.c.response_id.between(sa.bindparam("first"), sa.bindparam("last"))
)

# The rules of a form may fail on answers that nobody thought of; its scores are then missing, as they were when sent.
_FAULTS = (CareplanError, ArithmeticError, LookupError, TypeError, ValueError)
# Adding in another order moves the last digit of a float, and no score.
_NOISE = 1e-9


class _NoRow:
    def __repr__(self) -> str:
        return "no row"


NO_ROW = _NoRow()

Figure = float | str | None | _NoRow


@dataclass(frozen=True, slots=True)
class Difference:
    """None is a score that could not be computed; NO_ROW one that is not there at all."""

    response_id: UUID
    patient_id: UUID
    score_id: str
    stored: Figure
    computed: Figure


@dataclass(frozen=True, slots=True)
class Recomputed:
    """`last` is where the next page goes on; None after the last response."""

    count: int
    differences: list[Difference]
    last: UUID | None


def recompute(db: Session, *, after: UUID = START) -> Recomputed:
    """The next page of responses, each scored anew from its stored answers with its own version of the form."""
    rows = db.execute(RESPONSES, {"after": after}).all()
    if not rows:
        return Recomputed(0, [], None)
    page = {"first": rows[0].id, "last": rows[-1].id}
    answers: dict[UUID, dict[str, Answer]] = defaultdict(dict)
    for response_id, link_id, state, value in db.execute(ANSWERS, page):
        answers[response_id][link_id] = restored(state, value)
    stored: dict[UUID, dict[str, float | str | None]] = defaultdict(dict)
    for response_id, score_id, value, text in db.execute(SCORES, page):
        stored[response_id][score_id] = value if text is None else text
    found = []
    for response_id, patient_id, content_hash in rows:
        computed = _scores(questionnaire(db, content_hash), answers[response_id])
        before = stored[response_id]
        for score_id in {**computed, **before}:
            was, now = before.get(score_id, NO_ROW), computed.get(score_id, NO_ROW)
            if not _is_same(was, now):
                found.append(Difference(response_id, patient_id, score_id, was, now))
    return Recomputed(len(rows), found, page["last"])


def _scores(form: Questionnaire, answers: dict[str, Answer]) -> dict[str, float | str | None]:
    try:
        return {**compute(form, answers), **profiles(form, answers)}
    except _FAULTS:
        return {scale.id: None for scale in form.scores}


def _is_same(was: Figure, now: Figure) -> bool:
    if isinstance(was, int | float) and isinstance(now, int | float):
        return math.isclose(was, now, rel_tol=_NOISE, abs_tol=_NOISE)
    return was is now or (isinstance(was, str) and was == now)
