"""One flag from the answer to its end, by the number of its receipt: who did what when, without what was answered."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from careplan.domain.identity import Actor
from careplan.domain.tasks import Outcome
from careplan.domain.triage import Level
from careplan.models import AuditEvent, Flag, QuestionnaireResponse, Task
from careplan.queries.access import NotVisible


@dataclass(frozen=True, slots=True)
class Step:
    """Something that was done with the task, as the log has it."""

    at: datetime
    action: str
    name: str


@dataclass(frozen=True, slots=True)
class Trace:
    receipt: str
    patient_id: UUID
    sent_at: datetime
    level: Level | None
    flags: int
    due_at: datetime | None
    owner: str
    climbed: int
    read_at: datetime | None
    read_by: str
    outcome: Outcome | None
    completed_at: datetime | None
    completed_by: str
    steps: tuple[Step, ...]

    @property
    def is_late(self) -> bool:
        return self.due_at is not None and self.completed_at is not None and self.completed_at > self.due_at


def trace(db: Session, actor: Actor, receipt: str) -> Trace:
    """Of the actor's own unit alone. Raises NotVisible."""
    response = db.scalar(
        sa.select(QuestionnaireResponse).where(
            QuestionnaireResponse.receipt == receipt.strip().upper(), QuestionnaireResponse.unit_id == actor.unit_id
        )
    )
    if response is None:
        raise NotVisible("response", receipt)
    task = db.scalar(
        sa.select(Task)
        .where(Task.response_id == response.id)
        .options(joinedload(Task.owner), joinedload(Task.read_by), joinedload(Task.completed_by))
    )
    flags = db.scalar(sa.select(sa.func.count()).where(Flag.response_id == response.id)) or 0
    return Trace(
        receipt=response.receipt,
        patient_id=response.patient_id,
        sent_at=response.submitted_at,
        level=task.level if task else None,
        flags=flags,
        due_at=task.due_at if task else None,
        owner=task.owner.name if task and task.owner else "",
        climbed=task.climbed if task else 0,
        read_at=task.read_at if task else None,
        read_by=task.read_by.name if task and task.read_by else "",
        outcome=task.outcome if task else None,
        completed_at=task.completed_at if task else None,
        completed_by=task.completed_by.name if task and task.completed_by else "",
        steps=tuple(_steps(db, task)) if task else (),
    )


def _steps(db: Session, task: Task) -> list[Step]:
    rows = db.execute(
        sa.select(AuditEvent.at, AuditEvent.action, AuditEvent.person_name)
        .where(
            AuditEvent.patient_id == task.patient_id,
            AuditEvent.object_type == "task",
            AuditEvent.object_id == str(task.id),
            AuditEvent.action != "read-task",
        )
        .order_by(AuditEvent.id)
    )
    return [Step(*row) for row in rows]
