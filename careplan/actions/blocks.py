"""The patient's blocks: made and lifted by the patient, opened by staff in an emergency for a few hours."""

from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import audit, handovers, routing
from careplan.domain.errors import CareplanError
from careplan.domain.identity import Actor, Capacity
from careplan.models import Block, BlockOpening, CareTeamMember, Patient, Task, Unit

OPEN_FOR = timedelta(hours=4)


class NotYours(CareplanError):
    """Blocks are the patient's own matter."""


class UnknownUnit(CareplanError):
    """No such unit has cared for the patient, or it would be hidden from itself."""


class NothingBlocked(CareplanError):
    """There is no block to open."""


class MissingEmergency(CareplanError):
    """What is blocked is opened with a reason that the patient will read."""


def block(db: Session, *, patient_id: UUID, unit_id: UUID, barred_id: UUID | None, by: Actor, at: datetime) -> Block:
    """Hide what the unit has written from another one, or from all others. Twice is as once."""
    if by.capacity is not Capacity.PATIENT or by.patient_id != patient_id:
        raise NotYours
    db.execute(sa.select(Patient.id).where(Patient.id == patient_id).with_for_update())
    if barred_id == unit_id or not _has_cared(db, patient_id, unit_id):
        raise UnknownUnit
    if barred_id is not None and db.get(Unit, barred_id) is None:
        raise UnknownUnit
    standing = db.scalars(
        sa.select(Block).where(
            Block.patient_id == patient_id,
            Block.unit_id == unit_id,
            Block.barred_id.is_not_distinct_from(barred_id),
            sa.or_(Block.to_at.is_(None), Block.to_at > at),
        )
    ).first()
    if standing is not None:
        return standing
    made = Block(
        patient_id=patient_id, unit_id=unit_id, barred_id=barred_id, from_at=at, to_at=None, made_by_id=by.person_id
    )
    db.add(made)
    db.flush()
    handovers.end_for_block(db, patient_id, by=by, at=at)
    _take_home(db, patient_id, by=by, at=at)
    _record(db, "make-block", made, by=by, at=at)
    routing.settle(db, by=by, at=at)
    return made


def lift(db: Session, found: Block, *, by: Actor, at: datetime) -> None:
    """End it, at once. Twice is as once."""
    if by.capacity is not Capacity.PATIENT or by.patient_id != found.patient_id:
        raise NotYours
    if found.to_at is not None and found.to_at <= at:
        return
    found.to_at = at
    db.flush()
    _record(db, "lift-block", found, by=by, at=at)


def open_in_emergency(db: Session, patient_id: UUID, *, reason: str, by: Actor, at: datetime) -> BlockOpening:
    """For the one who asks alone, for some hours; the patient reads who and why."""
    if not reason.strip():
        raise MissingEmergency
    if by.unit_id is None or by.practitioner_id is None or not is_blocked(db, patient_id, by.unit_id, at=at):
        raise NothingBlocked
    opening = BlockOpening(
        patient_id=patient_id,
        unit_id=by.unit_id,
        practitioner_id=by.practitioner_id,
        reason=reason.strip(),
        opened_at=at,
        until_at=at + OPEN_FOR,
    )
    db.add(opening)
    db.flush()
    audit.record(
        db, "open-block", by=by, at=at, patient_id=patient_id, object_type="block-opening", object_id=opening.id
    )
    return opening


def is_blocked(db: Session, patient_id: UUID, reader: UUID, *, at: datetime) -> bool:
    """Whether anything of the patient is hidden from this unit."""
    return bool(
        db.scalar(
            sa.select(
                sa.exists().where(
                    Block.patient_id == patient_id,
                    Block.unit_id != reader,
                    sa.or_(Block.barred_id.is_(None), Block.barred_id == reader),
                    Block.from_at <= at,
                    sa.or_(Block.to_at.is_(None), Block.to_at > at),
                )
            )
        )
    )


def _take_home(db: Session, patient_id: UUID, *, by: Actor, at: datetime) -> None:
    """Tasks that stand in the list of a unit that may not see them any more: to the unit that they came from."""
    hidden = Block.bars(Task.patient_id, Task.unit_id, Task.list_unit_id, at=at)
    for task in db.scalars(sa.select(Task).where(Task.patient_id == patient_id, Task.is_open(), hidden)).all():
        routing.take_home(db, task, by=by, at=at)


def _has_cared(db: Session, patient_id: UUID, unit_id: UUID) -> bool:
    cared = sa.exists().where(CareTeamMember.patient_id == patient_id, CareTeamMember.unit_id == unit_id)
    return bool(db.scalar(sa.select(cared)))


def _record(db: Session, action: str, found: Block, *, by: Actor, at: datetime) -> None:
    audit.record(db, action, by=by, at=at, patient_id=found.patient_id, object_type="block", object_id=found.id)
