"""A form that staff key in: how far it has come, and who has read it."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.domain.tasks import TaskKind
from careplan.models import QuestionnaireRequest, QuestionnaireResponse, Task, Transcript
from careplan.models.tasks import OPEN


@dataclass(frozen=True, slots=True)
class Progress:
    """`task` is the open one of the paper; `sent_task_id` what the sent response raised."""

    transcript: Transcript | None
    task: Task | None
    response: QuestionnaireResponse | None
    sent_task_id: UUID | None


def progress(db: Session, asked: QuestionnaireRequest) -> Progress:
    """Of a request that the reader was given, by queries.access."""
    sent = db.execute(
        sa.select(QuestionnaireResponse, Task.id)
        .outerjoin(Task, Task.response_id == QuestionnaireResponse.id)
        .where(QuestionnaireResponse.request_id == asked.id)
    ).one_or_none()
    return Progress(
        transcript=db.scalar(sa.select(Transcript).where(Transcript.request_id == asked.id)),
        task=db.scalars(
            sa.select(Task)
            .where(Task.request_id == asked.id, Task.kind == TaskKind.PAPER, Task.status.in_(OPEN))
            .order_by(Task.starts_at)
            .limit(1)
        ).first(),
        response=sent[0] if sent else None,
        sent_task_id=sent[1] if sent else None,
    )
