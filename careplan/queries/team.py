"""Who cares for a patient at a unit, and who covers."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from careplan.domain.identity import Capacity
from careplan.domain.team import Contact
from careplan.models import Absence, CareTeamMember, Membership, Unit
from careplan.queries.roster import roster


def contact_for(db: Session, patient_id: UUID, unit_id: UUID, *, at: datetime) -> Contact:
    """The contact nurse with number, cover and presence at `at`; the unit alone where no nurse is named."""
    row = db.execute(
        sa.select(Membership, Unit)
        .select_from(CareTeamMember)
        .join(Unit, Unit.id == CareTeamMember.unit_id)
        .outerjoin(
            Membership,
            sa.and_(
                Membership.practitioner_id == CareTeamMember.practitioner_id,
                Membership.unit_id == CareTeamMember.unit_id,
                Membership.role == Capacity.CONTACT_NURSE,
                sa.or_(Membership.to_on.is_(None), Membership.to_on >= at.date()),
            ),
        )
        .where(
            CareTeamMember.patient_id == patient_id,
            CareTeamMember.unit_id == unit_id,
            CareTeamMember.role == Capacity.CONTACT_NURSE,
            CareTeamMember.from_on <= at.date(),
            sa.or_(CareTeamMember.to_on.is_(None), CareTeamMember.to_on >= at.date()),
        )
        .order_by(CareTeamMember.from_on.desc())
        .options(joinedload(Membership.cover))
        .limit(1)
    ).first()
    if row is None or row.Membership is None:
        return _unit_alone(row.Unit if row else db.get_one(Unit, unit_id))
    seat = row.Membership
    away = db.scalar(
        sa.select(Absence)
        .where(
            Absence.practitioner_id == seat.practitioner_id,
            Absence.unit_id == unit_id,
            Absence.from_at <= at,
            Absence.to_at > at,
        )
        .order_by(Absence.to_at.desc())
        .limit(1)
    )
    if away is None:
        return contact_at(seat)
    colleagues = roster(db, unit_id, at=at)
    nurse = colleagues.get(seat.practitioner_id)
    instead = colleagues.get(nurse.answers_id) if nurse and nurse.answers_id else None
    return replace(
        contact_at(seat),
        is_away=True,
        away_until=away.to_at - timedelta.resolution,
        cover_id=instead.id if instead else None,
        cover_name=instead.name if instead else "",
    )


def caring_units(patient_id: UUID, *, at: datetime) -> sa.Select[tuple[UUID]]:
    """The units that care for a patient now, the one that named a nurse last first; a unit for each member."""
    today = at.date()
    return (
        sa.select(CareTeamMember.unit_id)
        .where(
            CareTeamMember.patient_id == patient_id,
            CareTeamMember.from_on <= today,
            sa.or_(CareTeamMember.to_on.is_(None), CareTeamMember.to_on >= today),
        )
        .order_by((CareTeamMember.role == Capacity.CONTACT_NURSE).desc(), CareTeamMember.from_on.desc())
    )


def contact_at(seat: Membership) -> Contact:
    """The contact nurse in this seat, present; its practitioner, unit and cover are read from it."""
    unit, nurse = seat.unit, seat.practitioner
    return Contact(
        unit_id=unit.id,
        unit_name=unit.name,
        unit_phone=unit.phone,
        unit_address=unit.address,
        hours=unit.opening_hours,
        nurse_id=nurse.id,
        nurse_name=nurse.name,
        nurse_first_name=nurse.person.given_name,
        nurse_title=nurse.title,
        nurse_phone=seat.phone,
        cover_id=seat.cover_id,
        cover_name=seat.cover.name if seat.cover else "",
        cover_text=unit.cover_text,
        times=unit.times,
        unit_facts=unit.facts,
    )


def _unit_alone(unit: Unit) -> Contact:
    return Contact(
        unit_id=unit.id,
        unit_name=unit.name,
        unit_phone=unit.phone,
        unit_address=unit.address,
        hours=unit.opening_hours,
        unit_facts=unit.facts,
        times=unit.times,
    )
