"""The plan as its readers meet it: what is signed, what is booked, what has happened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload, load_only, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from careplan.domain.identity import Actor
from careplan.domain.sharing import shared
from careplan.models import (
    Appointment,
    AuditEvent,
    CarePlan,
    Goal,
    Patient,
    PlanEvent,
    PlanRevision,
)
from careplan.queries import access
from careplan.queries.access import NotVisible


@dataclass(frozen=True, slots=True)
class Version:
    """A signed version without its text."""

    number: int
    signed_at: datetime
    signed_by: str
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """Goals under way, and the day when the next one is looked back at."""

    goals: int
    next_on: date | None


def current_revision(db: Session, actor: Actor, patient_id: UUID, *, at: datetime) -> PlanRevision | None:
    """What is signed last in the plan that was signed last; None when nothing is signed or shared with the actor."""
    found = db.scalars(
        _revisions(actor, at=at)
        .where(CarePlan.patient_id == patient_id, CarePlan.status.in_(("active", "completed")))
        .order_by(CarePlan.status, PlanRevision.signed_at.desc(), PlanRevision.number.desc())
        .limit(1)
    ).first()
    return found and as_shared(db, actor, found, at=at)


def revision_of(db: Session, actor: Actor, plan_id: UUID, *, at: datetime, number: int | None = None) -> PlanRevision:
    """A version of one plan, the last where no number is given; an old one stays readable."""
    query = _revisions(actor, at=at).where(CarePlan.id == plan_id)
    if number is not None:
        query = query.where(PlanRevision.number == number)
    found = db.scalars(query.order_by(PlanRevision.number.desc()).limit(1)).first()
    if found is None:
        raise NotVisible("plan", plan_id)
    return as_shared(db, actor, found, at=at)


def as_shared(db: Session, actor: Actor, revision: PlanRevision, *, at: datetime) -> PlanRevision:
    """With the chapters that the actor may read, where the patient shares them one by one: the row itself stays."""
    parts = access.shared_parts(db, actor, at=at)
    if parts is not None:
        vars(revision)["content"] = shared(revision.content, parts)
        # Its changes in words name what is not shared.
        set_committed_value(revision, "changes", [])
    return revision


def versions(db: Session, plan_id: UUID) -> list[Version]:
    """All signed versions of a plan that the caller has fetched, the last first."""
    rows = db.scalars(
        sa.select(PlanRevision)
        .where(PlanRevision.plan_id == plan_id)
        .order_by(PlanRevision.number.desc())
        .options(load_only(PlanRevision.number, PlanRevision.signed_at, PlanRevision.changes))
    )
    return [Version(row.number, row.signed_at, row.signed_by.name, tuple(row.changes)) for row in rows]


def other_plans(db: Session, actor: Actor, plan: CarePlan, *, at: datetime) -> Sequence[CarePlan]:
    """The patient's signed plans at other units, as far as the actor may see them."""
    return db.scalars(
        sa.select(CarePlan)
        .where(
            access.visible(CarePlan, actor, at=at),
            CarePlan.patient_id == plan.patient_id,
            CarePlan.id != plan.id,
            CarePlan.status == "active",
        )
        .options(joinedload(CarePlan.unit))
        .order_by(CarePlan.created_at)
    ).all()


def for_editing(db: Session, actor: Actor, plan_id: UUID, *, at: datetime) -> CarePlan:
    """The working copy with its chapters and its patient."""
    plan = access.get_plan_for(db, actor, plan_id, at=at)
    loaded = db.scalars(
        sa.select(CarePlan)
        .where(CarePlan.id == plan.id)
        .options(selectinload(CarePlan.chapters), joinedload(CarePlan.patient).joinedload(Patient.person))
    )
    return loaded.one()


def events(db: Session, plan_id: UUID) -> Sequence[PlanEvent]:
    """What has happened, the earliest first."""
    return db.scalars(
        sa.select(PlanEvent).where(PlanEvent.plan_id == plan_id).order_by(PlanEvent.on, PlanEvent.recorded_at)
    ).all()


def appointments(db: Session, plan_ids: Sequence[UUID], *, at: datetime) -> Sequence[Appointment]:
    """What is booked from the start of this hour on, the next first."""
    return db.scalars(
        sa.select(Appointment)
        .where(
            Appointment.plan_id.in_(plan_ids),
            Appointment.cancelled_at.is_(None),
            Appointment.starts_at >= at.replace(minute=0, second=0, microsecond=0),
        )
        .order_by(Appointment.starts_at)
    ).all()


def appointment_of(db: Session, plan_id: UUID, appointment_id: UUID) -> Appointment:
    found = db.scalar(sa.select(Appointment).where(Appointment.id == appointment_id, Appointment.plan_id == plan_id))
    if found is None:
        raise NotVisible("appointment", appointment_id)
    return found


def review(db: Session, plan_id: UUID) -> Review:
    goals, next_on = db.execute(
        sa.select(sa.func.count(), sa.func.min(Goal.review_on)).where(Goal.plan_id == plan_id, Goal.status == "active")
    ).one()
    return Review(goals, next_on)


def last_saved(db: Session, plan: CarePlan) -> tuple[str, datetime] | None:
    """Who saved the working copy last, and when; the log knows."""
    row = db.execute(
        sa.select(AuditEvent.person_name, AuditEvent.at)
        .where(
            AuditEvent.patient_id == plan.patient_id,
            AuditEvent.object_id == str(plan.id),
            AuditEvent.action.in_(("edit-plan", "create-plan")),
        )
        .order_by(AuditEvent.id.desc())
        .limit(1)
    ).first()
    return (row.person_name, row.at) if row else None


def _revisions(actor: Actor, *, at: datetime) -> sa.Select[tuple[PlanRevision]]:
    return (
        sa.select(PlanRevision)
        .join(PlanRevision.plan)
        .join(CarePlan.patient)
        .where(access.visible(CarePlan, actor, at=at))
        .options(
            contains_eager(PlanRevision.plan).options(
                contains_eager(CarePlan.patient).joinedload(Patient.person), joinedload(CarePlan.unit)
            )
        )
    )
