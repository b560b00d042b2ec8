"""What one patient has been offered at a unit, as it stands."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from careplan.domain.identity import Capacity
from careplan.models import CareTeamMember, PlanOffer


@dataclass(frozen=True, slots=True)
class Offers:
    """The last membership of a contact nurse, and the last offer of a plan."""

    nurse: CareTeamMember | None
    plan: PlanOffer | None


def offers(db: Session, patient_id: UUID, unit_id: UUID) -> Offers:
    nurse = db.scalar(
        sa.select(CareTeamMember)
        .where(
            CareTeamMember.patient_id == patient_id,
            CareTeamMember.unit_id == unit_id,
            CareTeamMember.role == Capacity.CONTACT_NURSE,
        )
        .order_by(CareTeamMember.from_on.desc())
        .limit(1)
    )
    plan = db.scalar(
        sa.select(PlanOffer)
        .where(PlanOffer.patient_id == patient_id, PlanOffer.unit_id == unit_id)
        .options(joinedload(PlanOffer.recorded_by))
        .order_by(PlanOffer.recorded_at.desc())
        .limit(1)
    )
    return Offers(nurse, plan)
