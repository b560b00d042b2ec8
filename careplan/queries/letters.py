"""Letters that are owed to who answered on paper or by telephone, and those printed lately."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from careplan.domain.identity import Actor, Capacity
from careplan.models import Letter, QuestionnaireResponse, Task
from careplan.queries.access import NotVisible, visible
from careplan.queries.answers import questionnaire

MOST = 100
LATELY = 10


@dataclass(frozen=True, slots=True)
class Reply:
    """All that stands in a letter: to whom, about which answers, what is done, and who says so."""

    name: str
    born_in: int | None
    language: str
    form: Mapping[str, str]
    mode: str
    answered_at: datetime
    next_step: str
    signed_by: str
    signed_title: str
    signed_at: datetime


def owed(db: Session, actor: Actor, *, at: datetime) -> Sequence[Letter]:
    """Not printed yet, the oldest first."""
    query = _letters(actor, at=at).where(Letter.printed_at.is_(None))
    return db.scalars(query.order_by(Letter.owed_at, Letter.id).limit(MOST)).all()


def printed(db: Session, actor: Actor, *, at: datetime) -> Sequence[Letter]:
    """The last ones, to be printed once more."""
    query = _letters(actor, at=at).where(Letter.printed_at.is_not(None))
    return db.scalars(query.order_by(Letter.printed_at.desc(), Letter.id).limit(LATELY)).all()


def reply(db: Session, letter: Letter) -> Reply:
    """Of a letter that the caller was allowed to fetch."""
    row = db.execute(
        sa.select(
            QuestionnaireResponse.content_hash, QuestionnaireResponse.mode, QuestionnaireResponse.submitted_at, Task
        )
        .join(Task, Task.response_id == QuestionnaireResponse.id)
        .where(Task.id == letter.task_id)
        .options(joinedload(Task.patient), joinedload(Task.completed_by))
    ).one()
    person, signer = row.Task.patient.person, row.Task.completed_by
    return Reply(
        name=person.name,
        born_in=person.born_on.year if person.born_on else None,
        language=person.language,
        form=questionnaire(db, row.content_hash).title,
        mode=row.mode,
        answered_at=row.submitted_at,
        next_step=row.Task.next_step,
        signed_by=signer.name,
        signed_title=signer.title,
        signed_at=letter.owed_at,
    )


def _letters(actor: Actor, *, at: datetime) -> sa.Select[tuple[Letter]]:
    if actor.capacity is not Capacity.CONTACT_NURSE:
        raise NotVisible("letter", "list")
    return (
        sa.select(Letter)
        .where(visible(Letter, actor, at=at))
        .options(
            joinedload(Letter.patient),
            joinedload(Letter.printed_by),
            joinedload(Letter.task).joinedload(Task.completed_by),
        )
    )
