"""What nobody at a unit is there for, as the managers of its provider see it: units and counts, never a patient."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.domain.identity import Actor, Capacity
from careplan.domain.tasks import group_of
from careplan.i18n import local
from careplan.models import Alarm, Task, Unit
from careplan.queries.access import NotVisible


@dataclass(frozen=True, slots=True)
class Waiting:
    """Open tasks of one unit on the provider's list: of each group how many, and when the first is due."""

    unit_id: UUID
    unit: str
    is_closed: bool
    groups: tuple[tuple[str, int], ...]
    first_due_at: datetime
    since: datetime

    @property
    def total(self) -> int:
        return sum(count for _key, count in self.groups)


@dataclass(frozen=True, slots=True)
class Sounding:
    """An alarm that has not ended."""

    kind: str
    unit: str
    count: int
    raised_at: datetime


def provider_of(db: Session, actor: Actor) -> UUID:
    """The provider that the manager's unit belongs to."""
    found = None
    if actor.capacity is Capacity.MANAGER:
        found = db.scalar(sa.select(Unit.provider_id).where(Unit.id == actor.unit_id))
    if found is None:
        raise NotVisible("provider", "")
    return found


def waiting(db: Session, provider_id: UUID, *, at: datetime) -> list[Waiting]:
    rows = db.execute(
        sa.select(
            Unit.id,
            Unit.name,
            Unit.closed_on,
            Task.kind,
            Task.level,
            sa.func.count(),
            sa.func.min(Task.due_at),
            sa.func.min(Task.with_provider_since),
        )
        .join(Task, Task.list_unit_id == Unit.id)
        .where(
            Unit.provider_id == provider_id,
            Task.is_open(),
            Task.starts_at <= at,
            Task.with_provider_since.is_not(None),
        )
        .group_by(Unit.id, Unit.name, Unit.closed_on, Task.kind, Task.level)
        .order_by(Unit.name, sa.func.min(Task.rank))
    ).all()
    today = local(at).date()
    found = []
    for unit_id in dict.fromkeys(row[0] for row in rows):
        of_unit = [row for row in rows if row[0] == unit_id]
        closed_on = of_unit[0][2]
        found.append(
            Waiting(
                unit_id=unit_id,
                unit=of_unit[0][1],
                is_closed=closed_on is not None and closed_on <= today,
                groups=tuple((group_of(row[3], row[4]), row[5]) for row in of_unit),
                first_due_at=min(row[6] for row in of_unit),
                since=min(row[7] for row in of_unit),
            )
        )
    return found


def alarms(db: Session, provider_id: UUID, unit_id: UUID | None) -> list[Sounding]:
    """Those of the manager's own unit, and those about nobody being there anywhere in the provider."""
    rows = db.execute(
        sa.select(Alarm.kind, Unit.name, Alarm.count, Alarm.raised_at)
        .outerjoin(Unit, Unit.id == Alarm.unit_id)
        .where(
            Alarm.provider_id == provider_id,
            Alarm.ended_at.is_(None),
            sa.or_(Alarm.unit_id == unit_id, Alarm.unit_id.is_(None), Alarm.kind == "nobody-home"),
        )
        .order_by(Alarm.raised_at)
    )
    return [Sounding(kind, unit or "", count, raised_at) for kind, unit, count, raised_at in rows]


def units_with_somebody(db: Session, provider_id: UUID, staffed: set[UUID]) -> list[Unit]:
    """Where the provider's list can be handed on to."""
    return list(
        db.scalars(sa.select(Unit).where(Unit.provider_id == provider_id, Unit.id.in_(staffed)).order_by(Unit.name))
    )
