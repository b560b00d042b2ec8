"""Where open tasks stand: with somebody who works there, on the list of a unit that has somebody, or the provider's."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from careplan.actions import alarms, audit
from careplan.domain.errors import CareplanError
from careplan.domain.identity import CLINICAL, Actor, Capacity
from careplan.domain.tasks import TaskKind
from careplan.i18n import local
from careplan.models import Absence, Block, CareTeamMember, Membership, Task, Unit

# A task's own unit, one that cares for its patient, and who does so there.
Home, Caring, Care = aliased(Unit), aliased(Unit), aliased(CareTeamMember)
# What others than nurses own, too.
FOR_ANY_PROFESSION = (TaskKind.REVIEW, TaskKind.REFERRAL, TaskKind.MESSAGE)


class NobodyThere(CareplanError):
    """The unit has no nurse who is there: its list would be read by nobody."""


def settle(db: Session, *, by: Actor, at: datetime) -> int:
    """Let each open task follow its patient and find somebody; how many were moved or marked. Twice is as once."""
    staffed = staffed_units(db, at=at)
    moved = _follow_patients(db, staffed, by=by, at=at)
    moved += _leave_those_who_left(db, by=by, at=at)
    moved += _mark(db, staffed, at=at)
    _sound_alarms(db, at=at)
    return moved


def staffed_units(db: Session, *, at: datetime) -> set[UUID]:
    """Open units with a contact nurse who is there: only they see all of a unit's tasks."""
    return set(
        db.scalars(
            sa.select(Membership.unit_id)
            .join(Unit, Unit.id == Membership.unit_id)
            .where(
                Membership.role == Capacity.CONTACT_NURSE,
                *_holds(Membership, at),
                sa.or_(Unit.closed_on.is_(None), Unit.closed_on > local(at).date()),
                ~sa.exists().where(
                    Absence.practitioner_id == Membership.practitioner_id,
                    Absence.unit_id == Membership.unit_id,
                    Absence.from_at <= at,
                    Absence.to_at > at,
                ),
            )
            .distinct()
        )
    )


def place(db: Session, *, from_unit_id: UUID, to: Unit, by: Actor, at: datetime) -> int:
    """Let another unit of the provider do what stands on the provider's list from this one; how many tasks."""
    if to.id not in staffed_units(db, at=at):
        raise NobodyThere
    found = db.scalars(
        sa.select(Task)
        .join(Unit, Unit.id == Task.list_unit_id)
        .where(
            Task.list_unit_id == from_unit_id,
            Task.is_open(),
            Task.with_provider_since.is_not(None),
            Unit.provider_id == to.provider_id,
            ~Block.bars(Task.patient_id, Task.unit_id, to.id, at=at),
        )
        .with_for_update(of=Task)
        .execution_options(populate_existing=True)
    ).all()
    for task in found:
        _move(db, task, to.id, owner_id=None, by=by, at=at)
    return len(found)


def hand_over(db: Session, patient_id: UUID, from_unit_id: UUID, to_unit_id: UUID, *, by: Actor, at: datetime) -> int:
    """The open tasks of a patient whom another unit has taken over, of whichever provider: to its list; how many."""
    ids = db.scalars(
        sa.select(Task.id).where(
            Task.patient_id == patient_id,
            Task.list_unit_id == from_unit_id,
            ~_is_between_units(),
            Task.is_open(),
        )
    ).all()
    owner_id = nurse_of(db, patient_id, to_unit_id, at=at)
    for task in _locked(db, ids):
        _move(db, task, to_unit_id, owner_id=owner_id, by=by, at=at)
    return len(ids)


def take_home(db: Session, task: Task, *, by: Actor, at: datetime) -> None:
    """To the list of the unit that it came from: the patient bars the other one."""
    owner_id = nurse_of(db, task.patient_id, task.unit_id, at=at)
    _move(db, task, task.unit_id, owner_id=owner_id, by=by, at=at)


def nurse_of(db: Session, patient_id: UUID, unit_id: UUID, *, at: datetime) -> UUID | None:
    """The patient's contact nurse, where she still works at the unit."""
    return db.scalar(
        sa.select(CareTeamMember.practitioner_id)
        .join(
            Membership,
            sa.and_(
                Membership.practitioner_id == CareTeamMember.practitioner_id,
                Membership.unit_id == CareTeamMember.unit_id,
            ),
        )
        .where(
            CareTeamMember.patient_id == patient_id,
            CareTeamMember.unit_id == unit_id,
            CareTeamMember.role == Capacity.CONTACT_NURSE,
            Membership.role == Capacity.CONTACT_NURSE,
            *_holds(CareTeamMember, at),
            *_holds(Membership, at),
        )
        .order_by(CareTeamMember.from_on.desc())
        .limit(1)
    )


def _follow_patients(db: Session, staffed: set[UUID], *, by: Actor, at: datetime) -> int:
    """Tasks of patients whom the unit of the list does not care for: to one of the same provider that does."""
    rows = db.execute(
        sa.select(Task.id, CareTeamMember.unit_id, CareTeamMember.unit_id == Task.unit_id)
        .join(Home, Home.id == Task.unit_id)
        .join(CareTeamMember, CareTeamMember.patient_id == Task.patient_id)
        .join(Caring, sa.and_(Caring.id == CareTeamMember.unit_id, Caring.provider_id == Home.provider_id))
        .where(
            Task.is_open(),
            ~_is_between_units(),
            ~_cared_for(at),
            *_holds(CareTeamMember, at),
            ~Block.bars(Task.patient_id, Task.unit_id, CareTeamMember.unit_id, at=at),
        )
        .order_by(
            Task.id,
            (CareTeamMember.unit_id == Task.unit_id).desc(),
            (CareTeamMember.role == Capacity.CONTACT_NURSE).desc(),
            CareTeamMember.from_on.desc(),
        )
    )
    targets: dict[UUID, UUID] = {}
    for task_id, unit_id, _is_home in rows:
        if unit_id in staffed:
            targets.setdefault(task_id, unit_id)
    for task in _locked(db, list(targets)):
        _move(
            db,
            task,
            targets[task.id],
            owner_id=nurse_of(db, task.patient_id, targets[task.id], at=at),
            by=by,
            at=at,
        )
    return len(targets)


def _leave_those_who_left(db: Session, *, by: Actor, at: datetime) -> int:
    """Owners without the right seat in the unit of the list: to the patient's nurse there, else to the shared list."""
    has_seat = sa.exists().where(
        Membership.practitioner_id == Task.owner_id,
        Membership.unit_id == Task.list_unit_id,
        Membership.role.in_(CLINICAL),
        sa.or_(Membership.role == Capacity.CONTACT_NURSE, Task.kind.in_(FOR_ANY_PROFESSION)),
        *_holds(Membership, at),
    )
    ids = db.scalars(sa.select(Task.id).where(Task.is_open(), Task.owner_id.is_not(None), ~has_seat)).all()
    for task in _locked(db, ids):
        owner_id = nurse_of(db, task.patient_id, task.list_unit_id, at=at)
        _move(db, task, task.list_unit_id, owner_id=owner_id, by=by, at=at)
    return len(ids)


def _mark(db: Session, staffed: set[UUID], *, at: datetime) -> int:
    """On the provider's list: what stands in a unit where nobody is there, or is of a patient whom nobody cares for."""
    is_somebodys = sa.and_(
        Task.list_unit_id.in_(staffed),
        sa.or_(Task.list_unit_id != Task.unit_id, _is_between_units(), _cared_for(at)),
    )
    changed = 0
    for is_there, since in ((is_somebodys, None), (~is_somebodys, at)):
        was = Task.with_provider_since.is_not(None) if since is None else Task.with_provider_since.is_(None)
        ids = db.scalars(sa.select(Task.id).where(Task.is_open(), was, is_there)).all()
        for task in _locked(db, ids):
            task.with_provider_since = since
        changed += len(ids)
    db.flush()
    return changed


def _sound_alarms(db: Session, *, at: datetime) -> None:
    rows = db.execute(
        sa.select(Unit.provider_id, Unit.id, sa.func.count())
        .join(Task, Task.list_unit_id == Unit.id)
        .where(Task.is_open(), Task.starts_at <= at, Task.with_provider_since.is_not(None))
        .group_by(Unit.provider_id, Unit.id)
    ).all()
    for provider_id, unit_id, count in rows:
        alarms.sound(db, alarms.NOBODY_HOME, provider_id=provider_id, unit_id=unit_id, count=count, at=at)
    alarms.end_others(db, alarms.NOBODY_HOME, still={row[1] for row in rows}, at=at)


def _move(db: Session, task: Task, to: UUID, *, owner_id: UUID | None, by: Actor, at: datetime) -> None:
    task.list_unit_id, task.owner_id, task.cover_id, task.with_provider_since = to, owner_id, None, None
    db.flush()
    db.expire(task, ["owner", "cover"])
    audit.record(db, "move-task", by=by, at=at, patient_id=task.patient_id, object_type="task", object_id=task.id)


def _locked(db: Session, ids: Sequence[UUID]) -> list[Task]:
    """Some of them may have been closed meanwhile; a thousand at a time, since databases bound a statement."""
    found: list[Task] = []
    for first in range(0, len(ids), 1000):
        found += db.scalars(
            sa.select(Task)
            .where(Task.id.in_(ids[first : first + 1000]), Task.is_open())
            .with_for_update(of=Task)
            .execution_options(populate_existing=True)
        )
    return found


def _is_between_units() -> sa.ColumnElement[bool]:
    """A handover, or a question about one: its place is the unit that is asked, whoever cares for the patient."""
    return sa.or_(Task.kind == TaskKind.HANDOVER, sa.and_(Task.kind == TaskKind.MESSAGE, Task.handover_id.is_not(None)))


def _cared_for(at: datetime) -> sa.ColumnElement[bool]:
    return sa.exists().where(Care.patient_id == Task.patient_id, Care.unit_id == Task.list_unit_id, *_holds(Care, at))


def _holds(model: type[Membership] | type[CareTeamMember], at: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    today = local(at).date()
    return (model.from_on <= today, sa.or_(model.to_on.is_(None), model.to_on >= today))
