"""A handover of Astrid to Lars' unit, and a block that she has lifted."""

from datetime import timedelta
from uuid import uuid4

from sqlalchemy.orm import Session

from careplan.actions import handovers
from careplan.domain.handovers import PARTS
from careplan.models import Block, CarePlan, Handover
from tests import stories
from tests.make import MONDAY, Clinic


def handover(db: Session, clinic: Clinic, plan: CarePlan, says: str) -> Handover:
    """To Lars' unit, which has not answered."""
    return handovers.request(
        db,
        plan,
        to=clinic.other_unit,
        reason="unit-change",
        parts={part: f"{says} {part}" for part in PARTS},
        contact=stories.contact(db, clinic, "astrid"),
        key=uuid4(),
        by=clinic.actor["karin"],
        at=MONDAY,
    )


def block(db: Session, clinic: Clinic) -> Block:
    """Lifted again, so that the handover goes on."""
    astrid = clinic.actor["astrid"]
    made = Block(
        patient_id=clinic.patient["astrid"],
        unit_id=clinic.unit.id,
        barred_id=clinic.other_unit.id,
        from_at=MONDAY - timedelta(days=2),
        to_at=MONDAY - timedelta(days=1),
        made_by_id=astrid.person_id,
    )
    db.add(made)
    db.flush()
    return made
