"""A unit in figures for its manager, and who is who for the administrator: counts and staff, never a patient."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.domain.climbing import Step
from careplan.domain.identity import Capacity
from careplan.domain.tasks import GROUPS, group_of
from careplan.i18n import local
from careplan.models import Account, Membership, Person, Practitioner, Provider, Task, Unit


@dataclass(frozen=True, slots=True)
class Group:
    """Open tasks of one kind: how many, how many are late, and when the oldest came."""

    key: str
    count: int
    late: int
    oldest_at: datetime | None


@dataclass(frozen=True, slots=True)
class UnitLine:
    id: UUID
    name: str
    provider: str
    phone: str
    closed_on: date | None
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
        .where(Task.list_unit_id == unit_id, Task.is_open(), Task.starts_at <= at)
        .group_by(Task.kind, Task.level)
    )
    found = {group_of(kind, level): (count, late, oldest) for kind, level, count, late, oldest in rows}
    return [Group(key, *found.get(key, (0, 0, None))) for key in GROUPS]


def climbed(db: Session, unit_id: UUID, *, at: datetime) -> int:
    """Tasks so long overdue that all of the unit sees them."""
    return (
        db.scalar(
            sa.select(sa.func.count())
            .select_from(Task)
            .where(Task.list_unit_id == unit_id, Task.is_open(), Task.starts_at <= at, Task.climbed >= Step.UNIT)
        )
        or 0
    )


def units(db: Session, *, at: datetime) -> list[UnitLine]:
    today = local(at).date()
    present = sa.and_(
        Membership.unit_id == Unit.id,
        Membership.from_on <= today,
        sa.or_(Membership.to_on.is_(None), Membership.to_on >= today),
    )
    rows = db.execute(
        sa.select(Unit.id, Unit.name, Provider.name, Unit.phone, Unit.closed_on, sa.func.count(Membership.id))
        .join(Provider, Provider.id == Unit.provider_id)
        .outerjoin(Membership, present)
        .group_by(Unit.id, Unit.name, Provider.name, Unit.phone, Unit.closed_on)
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


def oldest(groups: Sequence[Group]) -> datetime | None:
    return min((group.oldest_at for group in groups if group.oldest_at is not None), default=None)
