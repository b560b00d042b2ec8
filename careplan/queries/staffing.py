"""The seats of a manager's unit, and what hangs on one: patients and open tasks."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from careplan.domain.identity import Actor, Capacity
from careplan.i18n import local
from careplan.models import CareTeamMember, Membership, Practitioner, Task, Unit
from careplan.queries.access import NotVisible


@dataclass(frozen=True, slots=True)
class Seat:
    """One seat; how many patients have this person as their contact nurse, and how many open tasks are theirs."""

    seat: Membership
    patients: int
    tasks: int


def seats(db: Session, unit_id: UUID, *, at: datetime) -> list[Membership]:
    """All who work at the unit today, by name."""
    found = db.scalars(
        sa.select(Membership)
        .where(Membership.unit_id == unit_id, *_holds(at))
        .options(joinedload(Membership.cover))
        .execution_options(populate_existing=True)
    ).unique()
    return sorted(found, key=lambda seat: (seat.practitioner.person.given_name, seat.practitioner.person.family_name))


def get_seat_for(db: Session, actor: Actor, seat_id: UUID, *, at: datetime) -> Seat:
    """A seat of the manager's own unit that has not ended."""
    seat = None
    if actor.capacity is Capacity.MANAGER:
        seat = db.scalar(
            sa.select(Membership).where(Membership.id == seat_id, Membership.unit_id == actor.unit_id, *_holds(at))
        )
    if seat is None:
        raise NotVisible("membership", seat_id)
    today = local(at).date()
    patients = db.scalar(
        sa.select(sa.func.count(sa.distinct(CareTeamMember.patient_id))).where(
            CareTeamMember.practitioner_id == seat.practitioner_id,
            CareTeamMember.unit_id == seat.unit_id,
            CareTeamMember.role == Capacity.CONTACT_NURSE,
            CareTeamMember.from_on <= today,
            sa.or_(CareTeamMember.to_on.is_(None), CareTeamMember.to_on >= today),
        )
    )
    tasks = db.scalar(
        sa.select(sa.func.count())
        .select_from(Task)
        .where(Task.owner_id == seat.practitioner_id, Task.list_unit_id == seat.unit_id, Task.is_open())
    )
    return Seat(seat, patients or 0, tasks or 0)


def nurses(found: list[Membership], *, but: UUID) -> list[Practitioner]:
    return [seat.practitioner for seat in found if seat.role is Capacity.CONTACT_NURSE and seat.practitioner_id != but]


def get_unit_for(db: Session, actor: Actor) -> Unit:
    """The manager's own."""
    if actor.capacity is not Capacity.MANAGER or actor.unit_id is None:
        raise NotVisible("unit", "")
    return db.scalars(sa.select(Unit).where(Unit.id == actor.unit_id)).one()


def unit_of(db: Session, unit_id: UUID) -> Unit | None:
    """A unit with its provider."""
    return db.scalars(sa.select(Unit).where(Unit.id == unit_id).options(joinedload(Unit.provider))).one_or_none()


def _holds(at: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    today = local(at).date()
    return (Membership.from_on <= today, sa.or_(Membership.to_on.is_(None), Membership.to_on >= today))
