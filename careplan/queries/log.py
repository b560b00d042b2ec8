"""The log as the patient may read it: who saw or did what, from which unit, and when."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.models import AuditEvent, AuditEventPatient

PAGE = 50


@dataclass(frozen=True, slots=True)
class LogRow:
    """One event about one patient."""

    id: int
    at: datetime
    who: str
    capacity: str
    unit: str
    action: str
    outcome: str


def events_about(db: Session, patient_id: UUID, *, before: int | None = None) -> list[LogRow]:
    """The newest events first, one more than a page; `before` is the id that the page before ended with."""
    listed = sa.select(AuditEventPatient.event_id).where(AuditEventPatient.patient_id == patient_id)
    query = sa.select(
        AuditEvent.id,
        AuditEvent.at,
        AuditEvent.person_name,
        AuditEvent.capacity,
        AuditEvent.unit_name,
        AuditEvent.action,
        AuditEvent.outcome,
    ).where(sa.or_(AuditEvent.patient_id == patient_id, AuditEvent.id.in_(listed)))
    if before is not None:
        query = query.where(AuditEvent.id < before)
    rows = db.execute(query.order_by(AuditEvent.id.desc()).limit(PAGE + 1))
    return [LogRow(*row) for row in rows]
