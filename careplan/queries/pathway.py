"""Where in the treatment a patient is, from the events of the plan."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.i18n import local
from careplan.models import CarePlan, PlanEvent

_STARTS, _ENDS = "treatment-start", "treatment-end"


@dataclass(frozen=True, slots=True)
class Treatment:
    """The last treatment begun, in its own word, and which week of it; no week once it has ended."""

    title: str
    week: int | None


def treatments_of(db: Session, patients: Iterable[UUID], unit_id: UUID, *, at: datetime) -> dict[UUID, Treatment]:
    """The treatment of each of these patients by the plans of this unit, in one statement."""
    today = local(at).date()
    rows = db.execute(
        sa.select(CarePlan.patient_id, PlanEvent.kind, PlanEvent.on, PlanEvent.title)
        .join(CarePlan, CarePlan.id == PlanEvent.plan_id)
        .where(
            CarePlan.unit_id == unit_id,
            CarePlan.patient_id.in_(set(patients)),
            PlanEvent.kind.in_((_STARTS, _ENDS)),
            PlanEvent.on <= today,
        )
        .order_by(PlanEvent.on, PlanEvent.recorded_at)
    )
    now: dict[UUID, Treatment] = {}
    for patient_id, kind, on, title in rows:
        begun = now.get(patient_id)
        if kind == _STARTS:
            now[patient_id] = Treatment(title, (today - on).days // 7 + 1)
        else:
            now[patient_id] = Treatment(title or (begun.title if begun else ""), None)
    return now
