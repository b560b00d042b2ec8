"""A unit's stored answers to one form, as trials of rules want them: a person's in a row, some people at a time."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.db import Base
from careplan.domain.answers import Answer, AnswerState, restored
from careplan.domain.conditions import items_of, scores_of
from careplan.domain.simulation import Case
from careplan.domain.triage import Rule
from careplan.models import QuestionnaireResponse

PEOPLE = 500  # at a time: their answers are in memory together
ANSWER, SCORE = Base.metadata.tables["response_answer"], Base.metadata.tables["score"]
START = UUID(int=0)
# As the database gives it: to make a UUID for each answer takes as long as all the rest.
RAW_ID = sa.type_coerce(QuestionnaireResponse.id, sa.String())


@dataclass(frozen=True, slots=True)
class Page:
    """The answers of some patients. `last` is where the next page goes on; None after the last one."""

    patients: tuple[UUID, ...]
    cases: tuple[Case, ...]
    last: UUID | None


def count(db: Session, unit_id: UUID, questionnaire_id: str, *, since: datetime) -> int:
    return (
        db.scalar(
            sa.select(sa.func.count()).where(
                *_of(unit_id, questionnaire_id), QuestionnaireResponse.ordered_at() >= since
            )
        )
        or 0
    )


def page(
    db: Session, unit_id: UUID, questionnaire_id: str, rules: Sequence[Rule], *, since: datetime, after: UUID = START
) -> Page:
    """What these rules look at. Responses before `since` come along to be looked back at. Four statements."""
    wanted = _of(unit_id, questionnaire_id)
    patients = tuple(
        db.scalars(
            sa.select(QuestionnaireResponse.patient_id)
            .where(*wanted, QuestionnaireResponse.ordered_at() >= since, QuestionnaireResponse.patient_id > after)
            .group_by(QuestionnaireResponse.patient_id)
            .order_by(QuestionnaireResponse.patient_id)
            .limit(PEOPLE)
        )
    )
    if not patients:
        return Page((), (), None)
    theirs = (*wanted, QuestionnaireResponse.patient_id.in_(patients))
    responses = db.execute(
        sa.select(
            RAW_ID.label("id"),
            QuestionnaireResponse.patient_id,
            QuestionnaireResponse.respondent_id,
            QuestionnaireResponse.receipt,
            QuestionnaireResponse.ordered_at().label("at"),
        )
        .where(*theirs)
        .order_by(
            QuestionnaireResponse.patient_id,
            QuestionnaireResponse.respondent_id,
            sa.text("at"),
            QuestionnaireResponse.id,
        )
    ).all()
    answers = _answers(db, theirs, {item for rule in rules for item in items_of(rule.when)})
    scores = _scores(db, theirs, {score for rule in rules for score in scores_of(rule.when)})
    cases = tuple(
        Case((row.patient_id, row.respondent_id), row.receipt, row.at, answers[row.id], scores[row.id])
        for row in responses
    )
    return Page(patients, cases, patients[-1])


def pages(
    db: Session, unit_id: UUID, questionnaire_id: str, rules: Sequence[Rule], *, since: datetime
) -> Iterator[Page]:
    last: UUID | None = START
    while last is not None:
        found = page(db, unit_id, questionnaire_id, rules, since=since, after=last)
        last = found.last
        if found.cases:
            yield found


def _of(unit_id: UUID, questionnaire_id: str) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        QuestionnaireResponse.unit_id == unit_id,
        QuestionnaireResponse.questionnaire_id == questionnaire_id,
        QuestionnaireResponse.is_newest(),
    )


def _answers(
    db: Session, theirs: Sequence[sa.ColumnElement[bool]], items: set[str]
) -> Mapping[str, Mapping[str, Answer]]:
    """Stored answers are settled. Most are small numbers: each is made once."""
    made: dict[tuple[str, float | None], Answer] = {}
    found: dict[str, dict[str, Answer]] = defaultdict(dict)
    rows = db.execute(
        sa.select(
            sa.type_coerce(ANSWER.c.response_id, sa.String()),
            ANSWER.c.link_id,
            sa.type_coerce(ANSWER.c.state, sa.String()),
            ANSWER.c.number,
            sa.case((ANSWER.c.number.is_(None), sa.cast(ANSWER.c.value, sa.Text())), else_=None),
        )
        .join(QuestionnaireResponse, QuestionnaireResponse.id == ANSWER.c.response_id)
        .where(*theirs, ANSWER.c.link_id.in_(items))
    )
    for response_id, link_id, state, number, text in rows:
        if text is None:
            answer = made.get((state, number))
            if answer is None:
                answer = made[state, number] = Answer(AnswerState(state), number)
        else:
            answer = restored(AnswerState(state), json.loads(text))
        found[response_id][link_id] = answer
    return found


def _scores(
    db: Session, theirs: Sequence[sa.ColumnElement[bool]], scores: set[str]
) -> Mapping[str, Mapping[str, float | None]]:
    found: dict[str, dict[str, float | None]] = defaultdict(dict)
    if scores:
        rows = db.execute(
            sa.select(sa.type_coerce(SCORE.c.response_id, sa.String()), SCORE.c.score_id, SCORE.c.value)
            .join(QuestionnaireResponse, QuestionnaireResponse.id == SCORE.c.response_id)
            .where(*theirs, SCORE.c.score_id.in_(scores))
        )
        for response_id, score_id, value in rows:
            found[response_id][score_id] = value
    return found
