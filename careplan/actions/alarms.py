"""Alarms to a provider: raised while something is wrong, e-mailed once a day, ended when it is mended."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.db import insert
from careplan.models import Alarm, OutboxMessage, Provider

# Nobody at the unit is there for its tasks; tasks long overdue; what the sweeper found and could, or could not, mend;
# notices that no server takes.
NOBODY_HOME, OVERDUE, DAMAGE, STUCK = "nobody-home", "overdue", "damage", "stuck-notices"
KINDS = (NOBODY_HOME, OVERDUE, DAMAGE, STUCK)
MAILED_EVERY = timedelta(days=1)


def sound(db: Session, kind: str, *, provider_id: UUID, unit_id: UUID | None, count: int, at: datetime) -> Alarm:
    """Raise it, or say anew that it still is. The e-mail says nothing but that somebody must look."""
    alarm = db.scalar(
        sa.select(Alarm).where(
            Alarm.provider_id == provider_id,
            Alarm.unit_id.is_not_distinct_from(unit_id),
            Alarm.kind == kind,
            Alarm.ended_at.is_(None),
        )
    )
    if alarm is None:
        alarm = Alarm(provider_id=provider_id, unit_id=unit_id, kind=kind, raised_at=at, mailed_at=None)
        db.add(alarm)
    alarm.count = count
    address = db.scalar(sa.select(Provider.on_call_email).where(Provider.id == provider_id))
    if address and (alarm.mailed_at is None or alarm.mailed_at <= at - MAILED_EVERY):
        alarm.mailed_at = at
        insert(
            db,
            OutboxMessage(
                person_id=None, address=address, template="alarm", created_at=at, next_attempt_at=at, status="pending"
            ),
        )
    db.flush()
    return alarm


def end_others(db: Session, kind: str, *, still: Collection[UUID | None], at: datetime) -> None:
    """End the alarms of this kind, but for these units."""
    for alarm in db.scalars(sa.select(Alarm).where(Alarm.kind == kind, Alarm.ended_at.is_(None))):
        if alarm.unit_id not in still:
            alarm.ended_at = at
    db.flush()


def end_old(db: Session, kind: str, *, before: datetime, at: datetime) -> None:
    """End those that were raised before then: what they told of is mended."""
    for alarm in db.scalars(
        sa.select(Alarm).where(Alarm.kind == kind, Alarm.ended_at.is_(None), Alarm.raised_at < before)
    ):
        alarm.ended_at = at
    db.flush()
