"""Whether a patient has paused the questions, and until when."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.i18n import local
from careplan.models import FormPause


def standing_pause(db: Session, patient_id: UUID, *, at: datetime) -> FormPause | None:
    return db.scalar(
        sa.select(FormPause)
        .where(
            FormPause.patient_id == patient_id,
            FormPause.from_at <= at,
            FormPause.until_on >= local(at).date(),
            FormPause.ended_at.is_(None),
        )
        .order_by(FormPause.until_on.desc())
        .limit(1)
    )
