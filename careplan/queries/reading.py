"""What is new in a plan to one reader: the version that they have read, beside the newest."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.db import UTCDateTime
from careplan.domain.comparing import PAPER, ReadMark, new_since
from careplan.domain.identity import Actor
from careplan.models import CarePlan, Patient, Person, PlanRead, PlanRevision
from careplan.queries.access import visible
from careplan.queries.plan import revision_of

MOST_TO_PRINT = 100


def mark_of(db: Session, plan_id: UUID, person_id: UUID, medium: str) -> ReadMark | None:
    row = db.scalars(PlanRead.of(plan_id, person_id, medium)).first()
    return row.mark if row else None


def read_before(
    db: Session, actor: Actor, newest: PlanRevision, mark: ReadMark | None, *, at: datetime
) -> PlanRevision | None:
    """The version to compare the newest one with; None where none was read before, or nothing has come since."""
    number = new_since(mark, newest.number)
    if number in (0, newest.number):
        return None
    return revision_of(db, actor, newest.plan_id, at=at, number=number)


@dataclass(frozen=True, slots=True)
class ToPrint:
    """A patient's plan that is newer than what was printed for them; `printed` is 0 where nothing was."""

    patient_id: UUID
    name: str
    plan_id: UUID
    number: int
    signed_at: datetime
    printed: int


def to_print(db: Session, actor: Actor, *, at: datetime) -> list[ToPrint]:
    """Patients on paper who do not have the newest version, those who have waited longest first."""
    number, signed_at = sa.func.max(PlanRevision.number), sa.func.max(PlanRevision.signed_at, type_=UTCDateTime())
    printed = sa.func.coalesce(PlanRead.number, 0)
    rows = db.execute(
        sa.select(CarePlan.patient_id, Person.given_name, Person.family_name, CarePlan.id, number, signed_at, printed)
        .join(PlanRevision, PlanRevision.plan_id == CarePlan.id)
        .join(Patient, Patient.id == CarePlan.patient_id)
        .join(Person, Person.id == Patient.person_id)
        .outerjoin(
            PlanRead,
            sa.and_(PlanRead.plan_id == CarePlan.id, PlanRead.person_id == Patient.person_id, PlanRead.medium == PAPER),
        )
        .where(visible(CarePlan, actor, at=at), CarePlan.status == "active", Patient.uses_paper)
        .group_by(CarePlan.patient_id, Person.given_name, Person.family_name, CarePlan.id, PlanRead.number)
        .having(number > printed)
        .order_by(signed_at, CarePlan.id)
        .limit(MOST_TO_PRINT)
    )
    return [
        ToPrint(patient_id, f"{given} {family}", plan_id, newest, signed, before)
        for patient_id, given, family, plan_id, newest, signed, before in rows
    ]


def two_versions(
    db: Session, actor: Actor, plan_id: UUID, first: int, second: int, *, at: datetime
) -> tuple[PlanRevision, PlanRevision]:
    """The older one first, whatever was asked for first; raises NotVisible."""
    older, newer = sorted((first, second))
    return (
        revision_of(db, actor, plan_id, at=at, number=older),
        revision_of(db, actor, plan_id, at=at, number=newer),
    )
