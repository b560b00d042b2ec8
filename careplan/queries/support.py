"""Which help to show first, and of which region: what the person needs, as far as the reader may know of it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from careplan.domain.identity import CLINICAL, Actor
from careplan.domain.needs import AREAS, NeedLevel
from careplan.models import CareTeamMember, NeedsAssessment, Unit
from careplan.queries.access import visible, visible_patients


@dataclass(frozen=True, slots=True)
class Support:
    """The region's code, "" where nobody has said; the areas where there is a need, never how great it is."""

    region: str = ""
    areas: tuple[str, ...] = ()


def support_for(db: Session, actor: Actor, patient_id: UUID, *, at: datetime) -> Support:
    """Staff go by their own unit's region, patients and relatives by that of the unit that cares for the patient."""
    if actor.capacity in CLINICAL:
        region = db.scalar(sa.select(Unit.region).where(Unit.id == actor.unit_id))
    else:
        region = db.scalar(
            sa.select(Unit.region)
            .join(CareTeamMember, CareTeamMember.unit_id == Unit.id)
            .where(
                CareTeamMember.patient_id == patient_id,
                CareTeamMember.patient_id.in_(visible_patients(actor, at=at)),
                sa.or_(CareTeamMember.to_on.is_(None), CareTeamMember.to_on >= at.date()),
                Unit.region != "",
            )
            .order_by(CareTeamMember.from_on.desc())
            .limit(1)
        )
    return Support(region or "", needed_areas(db, actor, patient_id, at=at))


def needed_areas(db: Session, actor: Actor, patient_id: UUID, *, at: datetime) -> tuple[str, ...]:
    """Areas with a need in the last assessment that the actor may know of, in the usual order and not by level."""
    last = db.scalars(
        sa.select(NeedsAssessment)
        .where(NeedsAssessment.patient_id == patient_id, visible(NeedsAssessment, actor, at=at))
        .options(selectinload(NeedsAssessment.levels))
        .order_by(NeedsAssessment.assessed_at.desc())
        .limit(1)
    ).first()
    found = {row.area for row in last.levels if row.level is not NeedLevel.NONE} if last else set()
    return tuple(area.id for area in AREAS if area.id in found)
