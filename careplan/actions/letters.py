"""The written reply to answers on paper or by telephone: owed when their task is closed, printed once or more."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import audit
from careplan.db import insert
from careplan.domain.identity import Actor
from careplan.models import Letter, Task

# Who answered so reads nothing on a screen.
ON_PAPER = frozenset({"paper", "phone"})


def owe(db: Session, task: Task, *, at: datetime) -> Letter:
    """One letter a task, from when it is closed."""
    letter = Letter(
        task_id=task.id,
        patient_id=task.patient_id,
        unit_id=task.unit_id,
        owed_at=at,
        printed_at=None,
        printed_by_id=None,
    )
    insert(db, letter)
    return letter


def mark_printed(db: Session, letter: Letter, *, by: Actor, at: datetime) -> None:
    """The first who printed it stands; each printing is logged."""
    db.execute(
        sa.update(Letter)
        .where(Letter.id == letter.id, Letter.printed_at.is_(None))
        .values(printed_at=at, printed_by_id=by.practitioner_id)
    )
    audit.record(
        db, "print-letter", by=by, at=at, patient_id=letter.patient_id, object_type="letter", object_id=letter.id
    )
