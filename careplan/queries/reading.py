"""What is new in a plan to one reader: the version that they have read, beside the newest."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from careplan.domain.comparing import ReadMark, new_since
from careplan.domain.identity import Actor
from careplan.models import PlanRead, PlanRevision
from careplan.queries.plan import revision_of


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


def two_versions(
    db: Session, actor: Actor, plan_id: UUID, first: int, second: int, *, at: datetime
) -> tuple[PlanRevision, PlanRevision]:
    """The older one first, whatever was asked for first; raises NotVisible."""
    older, newer = sorted((first, second))
    return (
        revision_of(db, actor, plan_id, at=at, number=older),
        revision_of(db, actor, plan_id, at=at, number=newer),
    )
