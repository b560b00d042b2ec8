"""The patient's blocks, for the patient who made them; and that there is one, for a unit that it bars."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from careplan.domain.identity import Actor
from careplan.models import Block, BlockOpening, CareTeamMember, Practitioner, Unit
from careplan.queries.access import NotVisible


def standing(db: Session, patient_id: UUID, *, at: datetime) -> Sequence[Block]:
    """Those that hold now."""
    return db.scalars(
        sa.select(Block)
        .where(Block.patient_id == patient_id, sa.or_(Block.to_at.is_(None), Block.to_at > at))
        .order_by(Block.from_at)
        .options(joinedload(Block.unit), joinedload(Block.barred))
    ).all()


def get_block_for(db: Session, actor: Actor, block_id: UUID) -> Block:
    """A block is the patient's own."""
    found = db.scalars(sa.select(Block).where(Block.id == block_id, Block.patient_id == actor.patient_id)).one_or_none()
    if found is None:
        raise NotVisible("block", block_id)
    return found


def caring_units(db: Session, patient_id: UUID) -> Sequence[Unit]:
    """The units that have cared for the patient: they hold something that can be hidden."""
    return db.scalars(
        sa.select(Unit)
        .where(Unit.id.in_(sa.select(CareTeamMember.unit_id).where(CareTeamMember.patient_id == patient_id)))
        .order_by(Unit.name)
    ).all()


def other_units(db: Session, *, at: datetime) -> Sequence[Unit]:
    """Every unit that is open."""
    return db.scalars(
        sa.select(Unit).where(sa.or_(Unit.closed_on.is_(None), Unit.closed_on > at.date())).order_by(Unit.name)
    ).all()


def openings(db: Session, patient_id: UUID) -> Sequence[BlockOpening]:
    """Who has opened what is blocked, the last first."""
    return db.scalars(
        sa.select(BlockOpening)
        .where(BlockOpening.patient_id == patient_id)
        .order_by(BlockOpening.opened_at.desc())
        .options(joinedload(BlockOpening.practitioner).joinedload(Practitioner.person))
    ).all()


def is_hidden_from(db: Session, actor: Actor, patient_id: UUID, *, at: datetime) -> bool:
    """Whether another unit has written something that this unit may not see: nothing of what it is."""
    return bool(
        db.scalar(
            sa.select(
                sa.exists().where(
                    Block.patient_id == patient_id,
                    Block.unit_id != actor.unit_id,
                    sa.or_(Block.barred_id.is_(None), Block.barred_id == actor.unit_id),
                    Block.from_at <= at,
                    sa.or_(Block.to_at.is_(None), Block.to_at > at),
                )
            )
        )
    )


def opened_until(db: Session, actor: Actor, patient_id: UUID, *, at: datetime) -> datetime | None:
    """How long the actor has it open, where the actor has opened it."""
    return db.scalar(
        sa.select(sa.func.max(BlockOpening.until_at)).where(
            BlockOpening.patient_id == patient_id,
            BlockOpening.unit_id == actor.unit_id,
            BlockOpening.practitioner_id == actor.practitioner_id,
            BlockOpening.until_at > at,
        )
    )
