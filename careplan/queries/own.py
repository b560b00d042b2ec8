"""What the patient writes themselves, for the patient and for whom it is shown to."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from careplan.domain.identity import CLINICAL, Actor, Capacity
from careplan.domain.own import NoteKind
from careplan.models import Activity, ActivityReport, CarePlan, ContactWish, Goal, OwnEvent, PatientNote, Task
from careplan.queries import access
from careplan.queries.access import NotVisible


def notes_of(
    db: Session, actor: Actor, patient_id: UUID, *, at: datetime, kind: NoteKind | None = None
) -> Sequence[PatientNote]:
    """The newest first. The patient's own are all there; the team reads what is shared with its unit."""
    query = (
        sa.select(PatientNote)
        .where(PatientNote.patient_id == patient_id, *_notes(actor, at=at))
        .options(joinedload(PatientNote.answered_by))
        .order_by(PatientNote.created_at.desc(), PatientNote.id)
    )
    if kind is not None:
        query = query.where(PatientNote.kind == kind)
    return db.scalars(query).all()


def get_note_for(db: Session, actor: Actor, note_id: UUID, *, at: datetime) -> PatientNote:
    found = db.scalar(
        sa.select(PatientNote)
        .where(PatientNote.id == note_id, *_notes(actor, at=at))
        .options(joinedload(PatientNote.answered_by))
    )
    if found is None:
        raise NotVisible("note", note_id)
    return found


def get_own_event_for(db: Session, actor: Actor, event_id: UUID, *, at: datetime) -> OwnEvent:
    """To change: the patient any that the family wrote, a relative their own. Others read them in the calendar."""
    query = sa.select(OwnEvent).where(
        OwnEvent.id == event_id, OwnEvent.removed_at.is_(None), access.visible(OwnEvent, actor, at=at)
    )
    if actor.capacity is not Capacity.PATIENT:
        query = query.where(OwnEvent.person_id == actor.person_id)
    found = db.scalar(query) if actor.capacity not in CLINICAL else None
    if found is None:
        raise NotVisible("own-event", event_id)
    return found


def activity_of(db: Session, actor: Actor, activity_id: UUID, *, at: datetime) -> tuple[Goal, Activity]:
    """An activity that is the patient's to do, with the goal that lets the actor reach it."""
    activity = db.get(Activity, activity_id)
    if activity is None or activity.responsible_id is not None or activity.profession:
        raise NotVisible("activity", activity_id)
    return access.get_goal_for(db, actor, activity.goal_id, at=at), activity


def unit_of(db: Session, goal: Goal) -> UUID:
    """Where the plan is that a goal belongs to: who there answers hears of it."""
    return db.scalars(sa.select(CarePlan.unit_id).where(CarePlan.id == goal.plan_id)).one()


def get_report_for(
    db: Session, actor: Actor, report_id: UUID, *, at: datetime
) -> tuple[Goal, Activity, ActivityReport]:
    """One's own report, to say more or to take it away."""
    report = db.get(ActivityReport, report_id)
    if report is None or report.person_id != actor.person_id or report.removed_at is not None:
        raise NotVisible("activity-report", report_id)
    goal, activity = activity_of(db, actor, report.activity_id, at=at)
    return goal, activity, report


def reports_of(db: Session, goal_ids: Collection[UUID]) -> dict[UUID, list[ActivityReport]]:
    """By activity, the newest first, of goals that the actor was allowed to fetch; in one statement."""
    if not goal_ids:
        return {}
    rows = db.scalars(
        sa.select(ActivityReport)
        .join(Activity, Activity.id == ActivityReport.activity_id)
        .where(Activity.goal_id.in_(goal_ids), ActivityReport.removed_at.is_(None))
        .order_by(ActivityReport.on.desc(), ActivityReport.created_at.desc())
    )
    found: dict[UUID, list[ActivityReport]] = {}
    for row in rows:
        found.setdefault(row.activity_id, []).append(row)
    return found


def get_wish_for(db: Session, actor: Actor, wish_id: UUID, *, at: datetime) -> ContactWish:
    """Seen by the patient who made it, with the task's effect."""
    query = (
        sa.select(ContactWish)
        .where(ContactWish.id == wish_id, access.visible(ContactWish, actor, at=at))
        .options(joinedload(ContactWish.task).options(joinedload(Task.read_by)), joinedload(ContactWish.unit))
    )
    found = db.scalar(query) if actor.capacity is Capacity.PATIENT else None
    if found is None:
        raise NotVisible("contact-wish", wish_id)
    return found


def _notes(actor: Actor, *, at: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    seen = access.visible(PatientNote, actor, at=at), PatientNote.removed_at.is_(None)
    return (*seen, PatientNote.is_shared) if actor.capacity in CLINICAL else seen
