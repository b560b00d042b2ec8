"""content/demo/handovers.yaml told to the actions: patients on their way to another unit."""

from datetime import datetime, time, timedelta
from pathlib import Path
from uuid import uuid4

import sqlalchemy as sa
import yaml
from sqlalchemy.orm import Session

from careplan.actions import handovers
from careplan.demo.clinic import Model
from careplan.demo.staff import Staff
from careplan.demo.times import later, local_day, wall
from careplan.models import CarePlan, Identifier, Patient
from careplan.queries.team import contact_for

MORNING = time(8, 40)


class HandoverModel(Model):
    number: str
    by: str
    to: str
    reason: str
    days_ago: int
    parts: dict[str, str]


def read_handovers(content_path: Path) -> list[HandoverModel]:
    given = yaml.safe_load((content_path / "demo/handovers.yaml").read_text(encoding="utf-8"))
    return [HandoverModel.model_validate(each) for each in given]


def tell(db: Session, told: list[HandoverModel], staff: Staff, *, at: datetime) -> None:
    """Those of the patients who are there: a small clinic may lack some."""
    for each in told:
        plan = db.scalars(
            sa.select(CarePlan)
            .join(Patient, Patient.id == CarePlan.patient_id)
            .join(Identifier, Identifier.person_id == Patient.person_id)
            .where(Identifier.value == each.number, CarePlan.status == "active")
        ).one_or_none()
        if plan is None:
            continue
        day = wall(local_day(at) - timedelta(days=each.days_ago), MORNING)
        sent_at = min(later(plan.unit.opening_hours, day), at)
        handovers.request(
            db,
            plan,
            to=staff.units[each.to],
            reason=each.reason,
            parts=each.parts,
            contact=contact_for(db, plan.patient_id, plan.unit_id, at=sent_at),
            key=uuid4(),
            by=staff.actors[each.by],
            at=sent_at,
        )
