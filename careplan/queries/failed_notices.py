"""Notices to a unit's patients that never came out, or are late: how many, why and since when; never to whom."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.db import UTCDateTime
from careplan.i18n import local
from careplan.models import CareTeamMember, OutboxMessage, Patient

SHOWN = timedelta(days=30)
LATE_AFTER = timedelta(minutes=15)
# A patient has died: that nothing was sent is as it should be.
MEANT = "deceased"


@dataclass(frozen=True, slots=True)
class Failed:
    """`error` is what the outbox wrote; `is_over`: nobody tries any more."""

    channel: str
    error: str
    is_over: bool
    count: int
    since: datetime


def failed_notices(db: Session, unit_id: UUID, *, at: datetime) -> list[Failed]:
    """Those that failed within 30 days, and those that wait for longer than they should, the most first."""
    is_over = OutboxMessage.status == "failed"
    since = sa.func.min(sa.func.coalesce(OutboxMessage.settled_at, OutboxMessage.created_at), type_=UTCDateTime())
    rows = db.execute(
        sa.select(OutboxMessage.channel, OutboxMessage.error, is_over.label("is_over"), sa.func.count(), since)
        .join(Patient, Patient.person_id == OutboxMessage.person_id)
        .where(
            sa.or_(
                sa.and_(
                    OutboxMessage.status == "failed",
                    OutboxMessage.error != MEANT,
                    OutboxMessage.settled_at > at - SHOWN,
                ),
                sa.and_(
                    OutboxMessage.status == "pending",
                    sa.or_(OutboxMessage.attempts > 0, OutboxMessage.next_attempt_at < at - LATE_AFTER),
                ),
            ),
            sa.exists().where(
                CareTeamMember.patient_id == Patient.id,
                CareTeamMember.unit_id == unit_id,
                CareTeamMember.from_on <= local(at).date(),
                sa.or_(CareTeamMember.to_on.is_(None), CareTeamMember.to_on >= local(at).date()),
            ),
        )
        .group_by(OutboxMessage.channel, OutboxMessage.error, is_over)
        .order_by(is_over.desc(), sa.func.count().desc(), OutboxMessage.channel, OutboxMessage.error)
    ).all()
    return [Failed(*row) for row in rows]
