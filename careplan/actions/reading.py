"""How far each reader has come in a plan, on the screen and on paper."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from careplan.domain.comparing import PAPER, SCREEN, ReadMark, printed, read_on_screen
from careplan.domain.identity import Actor
from careplan.i18n import TIME_ZONE
from careplan.models import PlanRead


def read(db: Session, plan_id: UUID, number: int, *, by: Actor, at: datetime) -> ReadMark:
    """The reader meets the newest version on the screen. A read mark is what a GET may change."""
    row = db.scalars(PlanRead.of(plan_id, by.person_id, SCREEN)).first()
    day_read = row.read_at.astimezone(TIME_ZONE).date() if row else None
    day = at.astimezone(TIME_ZONE).date()
    after = read_on_screen(row.mark if row else None, number, at=at, day=day, day_read=day_read)
    _keep(db, row, after, plan_id=plan_id, person_id=by.person_id, medium=SCREEN)
    return after


def print_for(db: Session, plan_id: UUID, number: int, *, person_id: UUID, at: datetime) -> ReadMark:
    """The newest version, or what is new in it, is printed for this person."""
    row = db.scalars(PlanRead.of(plan_id, person_id, PAPER)).first()
    after = printed(row.mark if row else None, number, at=at)
    _keep(db, row, after, plan_id=plan_id, person_id=person_id, medium=PAPER)
    return after


def _keep(db: Session, row: PlanRead | None, after: ReadMark, *, plan_id: UUID, person_id: UUID, medium: str) -> None:
    if row is not None:
        if after != row.mark:
            row.number, row.since, row.read_at = after.number, after.since, after.read_at
            db.flush()
        return
    values = {
        "plan_id": plan_id,
        "person_id": person_id,
        "medium": medium,
        "number": after.number,
        "since": after.since,
        "read_at": after.read_at,
    }
    # One reader may open two pages at once: the first counts.
    if db.get_bind().dialect.name == "postgresql":
        db.execute(postgresql.insert(PlanRead).values(values).on_conflict_do_nothing())
    else:
        db.execute(sqlite.insert(PlanRead).values(values).on_conflict_do_nothing())
