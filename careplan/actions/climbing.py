"""Overdue tasks climb: to the cover, to all of the unit and its manager, to an alarm."""

from collections import Counter, defaultdict
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import alarms, audit
from careplan.domain.climbing import Step, step_at
from careplan.domain.identity import Actor
from careplan.models import Task, Unit

PAGE = 1000


def climb(db: Session, *, by: Actor, at: datetime) -> int:
    """Take each overdue task as far as the clock of its unit says, and no task down; how many have climbed."""
    units = {unit.id: unit for unit in db.scalars(sa.select(Unit))}
    hours = {unit.id: unit.opening_hours for unit in units.values()}
    climbed, last = 0, UUID(int=0)
    while page := _overdue(db, last, at=at):
        reached: defaultdict[Step, list[UUID]] = defaultdict(list)
        for row in page:
            step = step_at(row.kind, row.level, row.due_at, hours[row.list_unit_id], at)
            if step > row.climbed:
                reached[step].append(row.id)
                audit.record(
                    db, "climb-task", by=by, at=at, patient_id=row.patient_id, object_type="task", object_id=row.id
                )
        for step, ids in reached.items():
            db.execute(
                sa.update(Task)
                .where(Task.id.in_(ids), Task.is_open(), Task.climbed < step)
                .values(climbed=step)
                .execution_options(synchronize_session=False)
            )
            climbed += len(ids)
        last = page[-1].id
    _sound_alarms(db, units, at=at)
    return climbed


def _overdue(db: Session, last: UUID, *, at: datetime) -> list[sa.Row[Any]]:
    return list(
        db.execute(
            sa.select(Task.id, Task.kind, Task.level, Task.due_at, Task.climbed, Task.list_unit_id, Task.patient_id)
            .where(Task.is_open(), Task.due_at <= at, Task.climbed < Step.ALARM, Task.id > last)
            .order_by(Task.id)
            .limit(PAGE)
        )
    )


def _sound_alarms(db: Session, units: dict[UUID, Unit], *, at: datetime) -> None:
    counted = Counter(
        dict(
            db.execute(
                sa.select(Task.list_unit_id, sa.func.count())
                .where(Task.is_open(), Task.climbed >= Step.ALARM)
                .group_by(Task.list_unit_id)
            ).all()
        )
    )
    for unit_id, count in counted.items():
        provider_id = units[unit_id].provider_id
        alarms.sound(db, alarms.OVERDUE, provider_id=provider_id, unit_id=unit_id, count=count, at=at)
    alarms.end_others(db, alarms.OVERDUE, still=set(counted), at=at)
