"""Who is away, from when to when, who answers meanwhile, and when nobody does."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.domain.absences import AHEAD, Away, uncovered_from
from careplan.domain.identity import CLINICAL, Actor, Capacity
from careplan.i18n import local
from careplan.models import Absence, Membership, Person, Practitioner
from careplan.queries.access import NotVisible


@dataclass(frozen=True, slots=True)
class Planned:
    """An absence that is or comes. `uncovered_at` is the first moment when nobody answers, None when all is covered."""

    id: UUID
    who_id: UUID
    who: str
    cover: str
    from_at: datetime
    to_at: datetime
    uncovered_at: datetime | None

    @property
    def last_at(self) -> datetime:
        """An absence that ends at midnight ended the day before."""
        return self.to_at - timedelta.resolution


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody who works with patients at the unit, and who covers for them as a rule."""

    id: UUID
    name: str
    role: Capacity
    cover_id: UUID | None


def seats(db: Session, unit_id: UUID, *, at: datetime) -> list[Seat]:
    today = local(at).date()
    rows = db.execute(
        sa.select(
            Membership.practitioner_id, Person.given_name, Person.family_name, Membership.role, Membership.cover_id
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
    return [Seat(row[0], f"{row[1]} {row[2]}", row[3], row[4]) for row in rows]


def may_cover(found: list[Seat], who_id: UUID | None) -> list[Seat]:
    """Nurses cover for anybody, other professions for their own kind; before it is known for whom: all."""
    role = next((seat.role for seat in found if seat.id == who_id), None)
    return [
        seat
        for seat in found
        if seat.id != who_id and (seat.role is Capacity.CONTACT_NURSE or role is None or seat.role is role)
    ]


def absences(db: Session, unit_id: UUID, *, at: datetime) -> list[Planned]:
    """The unit's absences that have not ended, by their beginning."""
    rows = db.scalars(
        sa.select(Absence).where(Absence.unit_id == unit_id, Absence.to_at > at).order_by(Absence.from_at, Absence.id)
    ).all()
    who = {seat.id: seat for seat in seats(db, unit_id, at=at)}
    nurses = [seat.id for seat in who.values() if seat.role is Capacity.CONTACT_NURSE]
    standing = {seat.id: seat.cover_id for seat in who.values()}
    aways = {row.id: Away(row.practitioner_id, row.cover_id, max(row.from_at, at), row.to_at) for row in rows}
    return [
        Planned(
            row.id,
            row.practitioner_id,
            who[row.practitioner_id].name,
            who[row.cover_id].name if row.cover_id in who else "",
            row.from_at,
            row.to_at,
            uncovered_from(
                aways[row.id],
                [other for key, other in aways.items() if key != row.id],
                {*nurses, *(seat.id for seat in who.values() if seat.role is who[row.practitioner_id].role)},
                standing,
            ),
        )
        for row in rows
        if row.practitioner_id in who
    ]


def uncovered(planned: list[Planned], *, at: datetime) -> list[Planned]:
    """Those that somebody must see to now: within two weeks nobody answers."""
    return [each for each in planned if each.uncovered_at is not None and each.uncovered_at < at + AHEAD]


def get_absence_for(db: Session, actor: Actor, absence_id: UUID) -> Absence:
    """One's own, and the manager's staff's."""
    mine = (
        Absence.unit_id == actor.unit_id
        if actor.capacity is Capacity.MANAGER
        else sa.and_(Absence.practitioner_id == actor.practitioner_id, Absence.unit_id == actor.unit_id)
    )
    found = db.scalars(sa.select(Absence).where(Absence.id == absence_id, mine)).one_or_none()
    if found is None:
        raise NotVisible("absence", absence_id)
    return found
