"""How it goes with what was agreed: ticked off, or that it did not work, by the patient."""

from datetime import date, datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import audit, wishes
from careplan.domain.errors import CareplanError
from careplan.domain.identity import Actor, Capacity
from careplan.domain.own import LONGEST_WISH, REPORTED, ReportResult
from careplan.domain.team import Contact
from careplan.i18n import local
from careplan.models import Activity, ActivityReport, Goal

DID_NOT_WORK = "Fungerade inte"


class GoalNotActive(CareplanError):
    """The goal is closed: nothing of it is ticked off any more."""


class ReportNotOfDay(CareplanError):
    """Done on a day to come, or too long ago."""

    def __init__(self, on: date) -> None:
        super().__init__(on.isoformat())
        self.on = on


def report(
    db: Session,
    goal: Goal,
    activity: Activity,
    *,
    key: UUID,
    result: ReportResult,
    on: date,
    by: Actor,
    at: datetime,
) -> ActivityReport:
    """Once for each page: `key` becomes the id."""
    if goal.status != "active":
        raise GoalNotActive
    _check_day(on, at)
    db.execute(sa.select(Goal.id).where(Goal.id == goal.id).with_for_update())
    stored = db.get(ActivityReport, key)
    if stored is not None and stored.activity_id == activity.id:
        return stored
    made = ActivityReport(
        id=uuid4() if stored else key,
        activity_id=activity.id,
        on=on,
        result=result,
        text="",
        person_id=by.person_id,
        is_by_relative=by.capacity is Capacity.RELATIVE,
        created_at=at,
    )
    db.add(made)
    db.flush()
    _record(db, "report-activity", goal, made, by=by, at=at)
    return made


def change(
    db: Session,
    goal: Goal,
    activity: Activity,
    report: ActivityReport,
    *,
    on: date,
    text: str,
    contact: Contact | None,
    by: Actor,
    at: datetime,
) -> None:
    """Another day, own words; with a contact, a wish to be contacted about it, which is a task for the team."""
    _check_day(on, at)
    report.on, report.text = on, text
    if contact is not None and report.wish_id is None:
        made = wishes.wish(
            db,
            key=report.id,
            patient_id=goal.patient_id,
            text=_fitting(f"{activity.text}. {text}" if text else activity.text),
            urgency=None,
            contact=contact,
            by=by,
            at=at,
            about=DID_NOT_WORK,
        )
        report.wish_id = made.id
    db.flush()
    _record(db, "change-report", goal, report, by=by, at=at)


def remove(db: Session, goal: Goal, report: ActivityReport, *, by: Actor, at: datetime) -> None:
    """A slip of the finger. It stays in the database; a wish for contact stands."""
    if report.removed_at is not None:
        return
    report.removed_at = at
    db.flush()
    _record(db, "remove-report", goal, report, by=by, at=at)


def _check_day(on: date, at: datetime) -> None:
    today = local(at).date()
    if not today - REPORTED <= on <= today:
        raise ReportNotOfDay(on)


def _fitting(text: str) -> str:
    """The whole of it stands at the goal."""
    return text if len(text) <= LONGEST_WISH else f"{text[: LONGEST_WISH - 1]}…"


def _record(db: Session, action: str, goal: Goal, report: ActivityReport, *, by: Actor, at: datetime) -> None:
    audit.record(db, action, by=by, at=at, patient_id=goal.patient_id, object_type="activity", object_id=report.id)
