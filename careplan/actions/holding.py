"""Who has a task open: two colleagues never work on one without knowing of each other."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.domain.identity import Actor
from careplan.domain.tasks import HELD_FOR, other_holder
from careplan.models import Task
from careplan.models.tasks import OPEN


def begin(db: Session, task: Task, *, by: Actor, at: datetime) -> None:
    """Hold it from now on, unless a colleague does."""
    me = by.practitioner_id
    if task.held_by_id == me or other_holder(task.held_by_id, task.held_at, me=me, at=at) is not None:
        return
    db.execute(
        sa.update(Task)
        .where(
            Task.id == task.id,
            Task.status.in_(OPEN),
            sa.or_(Task.held_at.is_(None), Task.held_at <= at - HELD_FOR),
        )
        .values(held_by_id=me, held_at=at)
        .execution_options(synchronize_session=False)
    )
    db.refresh(task, ["held_by_id", "held_at"])
