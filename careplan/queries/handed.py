"""What a handover opens to a contact nurse of the unit that receives it, and what the patient's blocks take away.

The receiver reads the handover itself, with its task and the threads about it that she takes part in; when contact with
the patient is confirmed she is in the care team, and reads what belongs to her unit.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from careplan.domain.handovers import OPEN, Status
from careplan.domain.identity import Actor, Capacity
from careplan.models import Block, Handover, Thread


def handovers(actor: Actor, known: sa.Select[tuple[UUID]], *, at: datetime) -> sa.ColumnElement[bool]:
    """What the unit has sent; what waits for it, or has brought it a patient (`known`) whom it still cares for."""
    if actor.capacity is not Capacity.CONTACT_NURSE:
        return sa.false()
    is_here = sa.or_(
        Handover.status.in_(OPEN),
        sa.and_(Handover.status == Status.COMPLETED, Handover.patient_id.in_(known)),
    )
    return sa.or_(
        Handover.unit_id == actor.unit_id,
        sa.and_(Handover.to_unit_id == actor.unit_id, is_here, not_barred(Handover, actor, at=at)),
    )


def of_patients(actor: Actor) -> sa.ColumnElement[bool]:
    """That a thread is about a patient whom this unit hands over or takes over."""
    found = sa.select(Handover.patient_id).where(
        sa.or_(Handover.to_unit_id == actor.unit_id, Handover.unit_id == actor.unit_id),
        Handover.status.in_((*OPEN, Status.COMPLETED)),
    )
    return Thread.patient_id.in_(found)


def not_barred(model: Any, actor: Actor, *, at: datetime) -> sa.ColumnElement[bool]:
    """That the patient has not hidden from the actor's unit what another one has written."""
    return ~Block.bars(model.patient_id, model.unit_id, actor.unit_id, at=at, reader_id=actor.practitioner_id)
