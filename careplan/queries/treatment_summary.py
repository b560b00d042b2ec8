"""The treatment summary as its readers meet it: the signed versions, and what the nurse is writing."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload

from careplan.domain.identity import Actor
from careplan.models import CarePlan, Patient, TreatmentSummary, TreatmentSummaryDraft
from careplan.queries import access
from careplan.queries.access import NotVisible


def of_patient(db: Session, actor: Actor, patient_id: UUID, *, at: datetime) -> TreatmentSummary | None:
    """The version signed last, in any of the patient's plans that the actor may see."""
    return _latest(db, actor, CarePlan.patient_id == patient_id, at=at)


def of_plan(db: Session, actor: Actor, plan_id: UUID, *, at: datetime) -> TreatmentSummary:
    found = _latest(db, actor, CarePlan.id == plan_id, at=at)
    if found is None:
        raise NotVisible("treatment-summary", plan_id)
    return found


def draft_of(db: Session, plan_id: UUID) -> TreatmentSummaryDraft | None:
    """Of a plan that the caller has fetched to edit."""
    return db.get(TreatmentSummaryDraft, plan_id)


def versions(db: Session, plan_id: UUID) -> Sequence[TreatmentSummary]:
    """All signed versions of a plan that the caller has fetched, the last first."""
    return db.scalars(
        sa.select(TreatmentSummary).where(TreatmentSummary.plan_id == plan_id).order_by(TreatmentSummary.number.desc())
    ).all()


def _latest(db: Session, actor: Actor, which: sa.ColumnElement[bool], *, at: datetime) -> TreatmentSummary | None:
    """It speaks of the whole plan: with whom only parts are shared does not read it."""
    if access.shared_parts(db, actor, at=at) is not None:
        return None
    return db.scalars(
        sa.select(TreatmentSummary)
        .join(TreatmentSummary.plan)
        .where(access.visible(CarePlan, actor, at=at), which)
        .options(
            contains_eager(TreatmentSummary.plan).options(
                joinedload(CarePlan.patient).joinedload(Patient.person), joinedload(CarePlan.unit)
            )
        )
        .order_by(TreatmentSummary.signed_at.desc(), TreatmentSummary.number.desc())
        .limit(1)
    ).first()
