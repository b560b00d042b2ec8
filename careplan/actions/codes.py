"""Action codes: recorded by a person, with what they are for."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import audit
from careplan.domain.errors import CareplanError
from careplan.domain.identity import Actor
from careplan.models import CarePlan, RecordedCode


class CodeNotConfigured(CareplanError):
    """The region has not put this code in its list."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def record(
    db: Session,
    plan: CarePlan,
    codes: Iterable[str],
    *,
    known: Mapping[str, str],
    assessment_id: UUID | None = None,
    revision_id: UUID | None = None,
    activity_id: UUID | None = None,
    by: Actor,
    at: datetime,
) -> list[RecordedCode]:
    """Store the codes that a person has accepted; `known` are the region's, with their texts. One twice is one."""
    wanted = list(dict.fromkeys(codes))
    for code in wanted:
        if code not in known:
            raise CodeNotConfigured(code)
    there = set(
        db.scalars(
            sa.select(RecordedCode.code).where(
                RecordedCode.plan_id == plan.id,
                RecordedCode.assessment_id.is_not_distinct_from(assessment_id),
                RecordedCode.revision_id.is_not_distinct_from(revision_id),
                RecordedCode.activity_id.is_not_distinct_from(activity_id),
            )
        )
    )
    made = [
        RecordedCode(
            patient_id=plan.patient_id,
            unit_id=plan.unit_id,
            plan_id=plan.id,
            code=code,
            text=known[code],
            assessment_id=assessment_id,
            revision_id=revision_id,
            activity_id=activity_id,
            recorded_by_id=by.practitioner_id,
            recorded_at=at,
        )
        for code in wanted
        if code not in there
    ]
    db.add_all(made)
    db.flush()
    for each in made:
        audit.record(
            db, "record-code", by=by, at=at, patient_id=plan.patient_id, object_type="action-code", object_id=each.code
        )
    return made
