"""What a patient was offered, and what they said: a contact nurse, and a care plan. Registers count each apart."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import audit
from careplan.domain.identity import Actor, Capacity
from careplan.i18n import local
from careplan.models import CareTeamMember, Patient, PlanOffer


class Said(StrEnum):
    """What the patient said to an offer."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    LATER = "later"


def record_offers(
    db: Session, patient: Patient, *, nurse: Said | None, plan: Said | None, by: Actor, at: datetime
) -> None:
    """None: not asked now, what stands is left as it is. An offer of a plan is a row of its own each time."""
    today = local(at).date()
    if nurse is not None:
        for member in db.scalars(
            sa.select(CareTeamMember).where(
                CareTeamMember.patient_id == patient.id,
                CareTeamMember.unit_id == by.unit_id,
                CareTeamMember.role == Capacity.CONTACT_NURSE,
                sa.or_(CareTeamMember.to_on.is_(None), CareTeamMember.to_on >= today),
            )
        ):
            member.offered_on = member.offered_on or today
            member.accepted_on = (member.accepted_on or today) if nurse is Said.ACCEPTED else None
    if plan is not None:
        db.add(
            PlanOffer(
                patient_id=patient.id,
                unit_id=by.unit_id,
                offered_on=today,
                answer=plan.value,
                recorded_by_id=by.practitioner_id,
                recorded_at=at,
            )
        )
    db.flush()
    audit.record(db, "offer-plan", by=by, at=at, patient_id=patient.id, object_type="patient", object_id=patient.id)
