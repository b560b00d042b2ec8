"""Who works at a unit, and who of them is there now."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.domain.identity import CLINICAL, Capacity
from careplan.i18n import local
from careplan.models import Absence, Membership, Person, Practitioner


@dataclass(frozen=True, slots=True)
class Colleague:
    id: UUID
    name: str
    given_name: str
    title: str
    role: Capacity
    is_present: bool


def roster(db: Session, unit_id: UUID, *, at: datetime) -> dict[UUID, Colleague]:
    """The clinical staff whose seat is theirs today, by name; who is away now is said."""
    today = local(at).date()
    is_away = sa.exists().where(
        Absence.practitioner_id == Membership.practitioner_id,
        Absence.unit_id == unit_id,
        Absence.from_at <= at,
        Absence.to_at > at,
    )
    rows = db.execute(
        sa.select(
            Membership.practitioner_id,
            Person.given_name,
            Person.family_name,
            Practitioner.title,
            Membership.role,
            is_away,
        )
        .join(Practitioner, Practitioner.id == Membership.practitioner_id)
        .join(Person, Person.id == Practitioner.person_id)
        .where(
            Membership.unit_id == unit_id,
            Membership.role.in_(CLINICAL),
            Membership.from_on <= today,
            sa.or_(Membership.to_on.is_(None), Membership.to_on >= today),
        )
        .order_by(Person.given_name, Person.family_name)
    )
    return {
        practitioner_id: Colleague(practitioner_id, f"{given} {family}", given, title, role, not away)
        for practitioner_id, given, family, title, role, away in rows
    }
