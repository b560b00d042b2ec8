"""When staff are away and who covers: planned, changed, ended. Whose the tasks are follows from it by itself."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import audit
from careplan.domain.absences import AbsenceInThePast, Away, check
from careplan.domain.errors import CareplanError
from careplan.domain.identity import CLINICAL, Actor, Capacity
from careplan.i18n import TIME_ZONE, local
from careplan.models import Absence, Membership


class CoverNotHere(CareplanError):
    """The cover has no seat in the unit that lets them do the work."""


def plan(
    db: Session,
    *,
    practitioner_id: UUID,
    unit_id: UUID,
    first_on: date,
    last_on: date,
    cover_id: UUID | None,
    by: Actor,
    at: datetime,
) -> Absence:
    """Away from the first day to the last, both whole days. Without a cover it shows to the manager."""
    absence = Absence(
        practitioner_id=practitioner_id,
        unit_id=unit_id,
        cover_id=cover_id,
        from_at=_midnight(first_on),
        to_at=_midnight(last_on + timedelta(days=1)),
    )
    _check(db, absence, at=at)
    db.add(absence)
    db.flush()
    audit.record(db, "plan-absence", by=by, at=at, object_type="absence", object_id=absence.id)
    return absence


def change(
    db: Session, absence: Absence, *, first_on: date, last_on: date, cover_id: UUID | None, by: Actor, at: datetime
) -> None:
    """Other days, or another cover. What has begun keeps its beginning."""
    if absence.from_at > at:
        absence.from_at = _midnight(first_on)
    absence.to_at = _midnight(last_on + timedelta(days=1))
    absence.cover_id = cover_id
    with db.no_autoflush:
        _check(db, absence, at=at)
    db.flush()
    audit.record(db, "change-absence", by=by, at=at, object_type="absence", object_id=absence.id)


def end(db: Session, absence: Absence, *, by: Actor, at: datetime) -> None:
    """Back now; one that has not begun is taken away. Ending it twice is the same as once."""
    if absence.to_at <= at:
        return
    if absence.from_at >= at:
        db.delete(absence)
    else:
        absence.to_at = at
    db.flush()
    audit.record(db, "end-absence", by=by, at=at, object_type="absence", object_id=absence.id)


def _check(db: Session, absence: Absence, *, at: datetime) -> None:
    if absence.from_at < absence.to_at <= at:
        raise AbsenceInThePast
    _lock(db, absence.unit_id)
    others = db.scalars(sa.select(Absence).where(Absence.unit_id == absence.unit_id, Absence.to_at > at))
    check(_away(absence), [_away(other) for other in others if other is not absence])
    if absence.cover_id is not None and not _may_cover(db, absence, at=at):
        raise CoverNotHere


def _may_cover(db: Session, absence: Absence, *, at: datetime) -> bool:
    """A nurse covers for anybody, another profession for its own kind."""
    today = local(at).date()
    roles = sa.select(Membership.role).where(
        Membership.unit_id == absence.unit_id,
        Membership.role.in_(CLINICAL),
        Membership.from_on <= max(today, local(absence.from_at).date()),
        sa.or_(Membership.to_on.is_(None), Membership.to_on >= local(absence.to_at - timedelta.resolution).date()),
    )
    covers = set(db.scalars(roles.where(Membership.practitioner_id == absence.cover_id)))
    covered = set(db.scalars(roles.where(Membership.practitioner_id == absence.practitioner_id)))
    return Capacity.CONTACT_NURSE in covers or bool(covers & covered)


def _lock(db: Session, unit_id: UUID) -> None:
    """One at a time in a unit: of two who choose each other as cover at once, the second is told."""
    if db.get_bind().dialect.name == "postgresql":
        db.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext(f"absences {unit_id}"))))


def _away(absence: Absence) -> Away:
    return Away(absence.practitioner_id, absence.cover_id, absence.from_at, absence.to_at)


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time(), TIME_ZONE)
