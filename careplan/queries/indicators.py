"""A unit in figures for its manager, and who is who for the administrator: counts and staff, never a patient."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from careplan.domain.identity import Capacity
from careplan.domain.tasks import GROUPS, group_of
from careplan.i18n import local
from careplan.models import Absence, Account, Membership, Person, Practitioner, Provider, Task, Unit
from careplan.models.tasks import OPEN

AHEAD = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Group:
    """Open tasks of one kind: how many, how many are late, and when the oldest came."""

    key: str
    count: int
    late: int
    oldest_at: datetime | None


@dataclass(frozen=True, slots=True)
class Away:
    from_at: datetime
    to_at: datetime
    cover: str


@dataclass(frozen=True, slots=True)
class StaffMember:
    name: str
    title: str
    role: Capacity
    phone: str
    cover: str
    away: tuple[Away, ...]


@dataclass(frozen=True, slots=True)
class UnitLine:
    name: str
    provider: str
    phone: str
    staff: int


@dataclass(frozen=True, slots=True)
class AccountLine:
    username: str
    name: str
    title: str
    role: Capacity
    unit: str
    is_active: bool


def open_groups(db: Session, unit_id: UUID, *, at: datetime) -> list[Group]:
    """The unit's open tasks, counted by group. One statement."""
    rows = db.execute(
        sa.select(
            Task.kind,
            Task.level,
            sa.func.count(),
            sa.func.sum(sa.case((Task.due_at < at, 1), else_=0)),
            sa.func.min(Task.starts_at),
        )
        .where(Task.list_unit_id == unit_id, Task.status.in_(OPEN), Task.starts_at <= at)
        .group_by(Task.kind, Task.level)
    )
    found = {group_of(kind, level): (count, late, oldest) for kind, level, count, late, oldest in rows}
    return [Group(key, *found.get(key, (0, 0, None))) for key in GROUPS]


def staff_of(db: Session, unit_id: UUID, *, at: datetime) -> list[StaffMember]:
    """Who has a seat at the unit today, and who is away in the coming two weeks."""
    today = local(at).date()
    cover, covering = aliased(Practitioner), aliased(Person)
    seats = db.execute(
        sa.select(
            Membership.practitioner_id,
            Person.given_name,
            Person.family_name,
            Practitioner.title,
            Membership.role,
            Membership.phone,
            covering.given_name,
            covering.family_name,
        )
        .join(Practitioner, Practitioner.id == Membership.practitioner_id)
        .join(Person, Person.id == Practitioner.person_id)
        .outerjoin(cover, cover.id == Membership.cover_id)
        .outerjoin(covering, covering.id == cover.person_id)
        .where(
            Membership.unit_id == unit_id,
            Membership.from_on <= today,
            sa.or_(Membership.to_on.is_(None), Membership.to_on >= today),
        )
        .order_by(Person.given_name, Person.family_name)
    ).all()
    away = _absences(db, unit_id, at=at)
    return [
        StaffMember(f"{given} {family}", title, role, phone, _name(first, last), tuple(away.get(practitioner_id, ())))
        for practitioner_id, given, family, title, role, phone, first, last in seats
    ]


def units(db: Session, *, at: datetime) -> list[UnitLine]:
    today = local(at).date()
    present = sa.and_(
        Membership.unit_id == Unit.id,
        Membership.from_on <= today,
        sa.or_(Membership.to_on.is_(None), Membership.to_on >= today),
    )
    rows = db.execute(
        sa.select(Unit.name, Provider.name, Unit.phone, sa.func.count(Membership.id))
        .join(Provider, Provider.id == Unit.provider_id)
        .outerjoin(Membership, present)
        .group_by(Unit.id, Unit.name, Provider.name, Unit.phone)
        .order_by(Unit.name)
    )
    return [UnitLine(*row) for row in rows]


def staff_accounts(db: Session, *, at: datetime) -> list[AccountLine]:
    """Accounts of those who have a seat somewhere; patients' and relatives' accounts are not shown."""
    today = local(at).date()
    rows = db.execute(
        sa.select(
            Account.username,
            Person.given_name,
            Person.family_name,
            Practitioner.title,
            Membership.role,
            Unit.name,
            Account.is_active,
        )
        .join(Person, Person.id == Account.person_id)
        .join(Practitioner, Practitioner.person_id == Person.id)
        .join(Membership, Membership.practitioner_id == Practitioner.id)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(Membership.from_on <= today, sa.or_(Membership.to_on.is_(None), Membership.to_on >= today))
        .order_by(Unit.name, Person.given_name)
    )
    return [
        AccountLine(username, f"{given} {family}", title, role, unit, is_active)
        for username, given, family, title, role, unit, is_active in rows
    ]


def _absences(db: Session, unit_id: UUID, *, at: datetime) -> dict[UUID, list[Away]]:
    cover = aliased(Practitioner)
    rows = db.execute(
        sa.select(Absence.practitioner_id, Absence.from_at, Absence.to_at, Person.given_name, Person.family_name)
        .outerjoin(cover, cover.id == Absence.cover_id)
        .outerjoin(Person, Person.id == cover.person_id)
        .where(Absence.unit_id == unit_id, Absence.to_at > at, Absence.from_at < at + AHEAD)
        .order_by(Absence.from_at)
    )
    found: dict[UUID, list[Away]] = {}
    for practitioner_id, from_at, to_at, given, family in rows:
        found.setdefault(practitioner_id, []).append(Away(from_at, to_at, _name(given, family)))
    return found


def _name(given: str | None, family: str | None) -> str:
    return f"{given} {family}" if given else ""


def oldest(groups: Sequence[Group]) -> datetime | None:
    return min((group.oldest_at for group in groups if group.oldest_at is not None), default=None)
