"""Who works at a unit, and who of them is there now."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.domain.absences import who_answers
from careplan.domain.identity import CLINICAL, Capacity
from careplan.i18n import local
from careplan.models import Absence, Membership, Person, Practitioner, Unit


@dataclass(frozen=True, slots=True)
class Colleague:
    id: UUID
    name: str
    given_name: str
    title: str
    role: Capacity
    is_present: bool
    cover_id: UUID | None = None  # who covers now, or else as a rule
    answers_id: UUID | None = None  # themself where they are there, else who is there instead
    profession: str = ""  # whose referrals they receive


def roster(db: Session, unit_id: UUID, *, at: datetime) -> dict[UUID, Colleague]:
    """The clinical staff whose seat is theirs today, by name; who is away now is said, and who answers instead."""
    today = local(at).date()
    now_away = (
        Absence.practitioner_id == Membership.practitioner_id,
        Absence.unit_id == unit_id,
        Absence.from_at <= at,
        Absence.to_at > at,
    )
    is_away = sa.exists().where(*now_away)
    covering = (
        sa.select(Absence.cover_id)
        .where(*now_away)
        .order_by(Absence.to_at.desc())
        .limit(1)
        .correlate(Membership)
        .scalar_subquery()
    )
    rows = db.execute(
        sa.select(
            Membership.practitioner_id,
            Person.given_name,
            Person.family_name,
            Practitioner.title,
            Membership.role,
            is_away,
            sa.func.coalesce(covering, Membership.cover_id, type_=sa.Uuid()),
            Practitioner.profession,
        )
        .join(Practitioner, Practitioner.id == Membership.practitioner_id)
        .join(Person, Person.id == Practitioner.person_id)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(
            Membership.unit_id == unit_id,
            sa.or_(Unit.closed_on.is_(None), Unit.closed_on > today),
            Membership.role.in_(CLINICAL),
            Membership.from_on <= today,
            sa.or_(Membership.to_on.is_(None), Membership.to_on >= today),
        )
        .order_by(Person.given_name, Person.family_name)
    )
    found = {
        practitioner_id: Colleague(
            practitioner_id, f"{given} {family}", given, title, role, not away, cover_id, profession=profession
        )
        for practitioner_id, given, family, title, role, away, cover_id, profession in rows
    }
    covers = {each.id: each.cover_id for each in found.values()}
    # A nurse sees all of the unit's patients and may answer for anybody, another profession for its own kind.
    there = {
        role: {each.id for each in found.values() if each.is_present and each.role in (role, Capacity.CONTACT_NURSE)}
        for role in CLINICAL
    }
    return {
        practitioner_id: replace(each, answers_id=who_answers(practitioner_id, there[each.role], covers))
        for practitioner_id, each in found.items()
    }
