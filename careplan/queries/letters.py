"""Letters that are owed to who answered on paper or by telephone, and those printed lately."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from careplan.domain.identity import Actor, Capacity
from careplan.models import Letter, QuestionnaireResponse, Task
from careplan.queries.access import NotVisible, visible
from careplan.queries.answers import questionnaire

MOST = 100
LATELY = 10


@dataclass(frozen=True, slots=True)
class Answers:
    """What the letter replies to."""

    title: Mapping[str, str]
    mode: str
    answered_at: datetime


def owed(db: Session, actor: Actor, *, at: datetime) -> Sequence[Letter]:
    """Not printed yet, the oldest first."""
    query = _letters(actor, at=at).where(Letter.printed_at.is_(None))
    return db.scalars(query.order_by(Letter.owed_at, Letter.id).limit(MOST)).all()


def printed(db: Session, actor: Actor, *, at: datetime) -> Sequence[Letter]:
    """The last ones, to be printed once more."""
    query = _letters(actor, at=at).where(Letter.printed_at.is_not(None))
    return db.scalars(query.order_by(Letter.printed_at.desc(), Letter.id).limit(LATELY)).all()


def of_task(db: Session, task_id: UUID) -> Letter | None:
    """The letter of a task that the caller was allowed to fetch."""
    return db.scalars(sa.select(Letter).where(Letter.task_id == task_id)).one_or_none()


def answers(db: Session, letter: Letter) -> Answers:
    row = db.execute(
        sa.select(
            QuestionnaireResponse.content_hash,
            QuestionnaireResponse.mode,
            QuestionnaireResponse.submitted_at,
        )
        .join(Task, Task.response_id == QuestionnaireResponse.id)
        .where(Task.id == letter.task_id)
    ).one()
    return Answers(questionnaire(db, row.content_hash).title, row.mode, row.submitted_at)


def _letters(actor: Actor, *, at: datetime) -> sa.Select[tuple[Letter]]:
    if actor.capacity is not Capacity.CONTACT_NURSE:
        raise NotVisible("letter", "list")
    return (
        sa.select(Letter)
        .where(visible(Letter, actor, at=at))
        .options(joinedload(Letter.patient), joinedload(Letter.printed_by), joinedload(Letter.task))
    )
