"""Pages that somebody left before they were ready: kept as they are, for that person alone."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import audit
from careplan.domain.identity import Actor
from careplan.models import CarePlan, KeptPage


def keep(db: Session, plan: CarePlan, page: str, content: Mapping[str, list[str]], *, by: Actor, at: datetime) -> None:
    """In the place of what was kept before. `content`: name of the field -> what was typed."""
    kept = db.get(KeptPage, (plan.id, by.practitioner_id, page))
    if kept is None:
        kept = KeptPage(plan_id=plan.id, practitioner_id=by.practitioner_id, page=page)
        db.add(kept)
    kept.content, kept.saved_at = dict(content), at
    db.flush()
    audit.record(db, "keep-page", by=by, at=at, patient_id=plan.patient_id, object_type="plan", object_id=plan.id)


def drop(db: Session, plan: CarePlan, page: str, *, by: Actor) -> None:
    """It has been saved for good, or is not wanted."""
    mine = (KeptPage.plan_id == plan.id, KeptPage.practitioner_id == by.practitioner_id, KeptPage.page == page)
    db.execute(sa.delete(KeptPage).where(*mine))
