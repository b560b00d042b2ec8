"""A form taken in short sittings, or all at once again: only the way through it changes."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import audit
from careplan.domain.identity import Actor
from careplan.models import Draft, DraftAnswer


def pace(db: Session, draft: Draft, *, is_short: bool, by: Actor, at: datetime) -> None:
    """Choose how many questions come at a time. What is answered by then stays done; chosen again, nothing happens."""
    if draft.is_short is is_short:
        return
    done = db.scalars(sa.select(DraftAnswer.link_id).where(DraftAnswer.draft_id == draft.id))
    draft.short_after = sorted(done) if is_short else None
    db.flush()
    patient_id = draft.request.patient_id
    audit.record(db, "pace-draft", by=by, at=at, patient_id=patient_id, object_type="draft", object_id=draft.id)
