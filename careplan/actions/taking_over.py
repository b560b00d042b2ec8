"""The end of a handover: contact confirmed, the care team moved, questions to who sent, a review, and the way back."""

from datetime import date, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import handovers, messages, notices, people, plans, referrals, routing, tasks
from careplan.domain.errors import CareplanError
from careplan.domain.handovers import BACK, Status, checked
from careplan.domain.identity import Actor, Capacity
from careplan.domain.messages import ThreadKind
from careplan.domain.tasks import Outcome, TaskKind, due_at
from careplan.domain.team import Contact
from careplan.i18n import TIME_ZONE, local
from careplan.library import Library
from careplan.models import (
    CarePlan,
    CareTeamMember,
    Handover,
    Patient,
    QuestionnaireRequest,
    Referral,
    Task,
    Thread,
    Unit,
)
from careplan.models.tasks import OPEN as OPEN_TASKS

# How far ahead a review may be booked.
LATEST_REVIEW = timedelta(days=730)
_HANDED_OVER = "Patienten är överlämnad till en annan enhet."
_ASSESS = "Bedöm patienten. Ansvaret ligger kvar hos oss tills ni har talat med patienten."


class NotAccepted(CareplanError):
    """Contact is confirmed by who has accepted."""


class ContactNotPossible(CareplanError):
    """The day of the contact has not come, or was before the handover."""


class ReviewNotPossible(CareplanError):
    """The day of the review has been, or is too far away."""


def confirm(db: Session, library: Library, handover: Handover, *, spoken_on: date, by: Actor, at: datetime) -> None:
    """The receiver has talked with the patient: now the care team, the plan and its tasks move."""
    if handover.status == Status.REQUESTED:
        raise NotAccepted
    if not local(handover.requested_at).date() <= spoken_on <= local(at).date():
        raise ContactNotPossible
    handovers.hold(db, handover, Status.COMPLETED)
    patient = handovers.living(db, handover.patient_id)
    handover.confirmed_by_id, handover.confirmed_at = by.practitioner_id, at
    handovers.close_tasks(db, handover, Outcome.ACCEPTED, by=by, at=at)
    _move_team(db, handover, patient, by=by, at=at)
    plan = db.get_one(CarePlan, handover.plan_id)
    plan.unit_id = handover.to_unit_id
    plans.bump(plan)
    db.execute(
        sa.update(QuestionnaireRequest)
        .where(
            QuestionnaireRequest.patient_id == patient.id,
            QuestionnaireRequest.unit_id == handover.unit_id,
            QuestionnaireRequest.status.in_(OPEN_TASKS),
        )
        .values(unit_id=handover.to_unit_id)
    )
    db.flush()
    db.expire(plan, ["unit"])
    for waiting in db.scalars(
        sa.select(Referral).where(Referral.plan_id == plan.id, Referral.status == "requested")
    ).all():
        referrals.withdraw(db, waiting, reason=_HANDED_OVER, by=by, at=at)
    _move_questions(db, handover)
    routing.hand_over(db, patient.id, handover.unit_id, handover.to_unit_id, by=by, at=at)
    plans.record_event(db, library, plan, kind=handover.reason, on=spoken_on, title="", by=by, at=at)
    handovers.record(db, "confirm-handover", handover, by=by, at=at)
    notices.enqueue(db, patient=patient, template="read", at=at)  # the plan says who answers for it now
    routing.settle(db, by=by, at=at)


def send_back(
    db: Session, handover: Handover, *, words: str, contact: Contact, key: UUID, by: Actor, at: datetime
) -> Handover:
    """On suspicion of relapse: a handover the other way, which is urgent. `contact` is the present side's."""
    if not words.strip():
        raise handovers.MissingWords
    if handover.status != Status.COMPLETED:
        raise handovers.HandoverAnswered(handover.status)
    before = handover.content["parts"]
    parts = {
        "situation": f"Misstänkt återfall. {words.strip()}",
        "background": before["background"],
        "current": f"{by.name}, {by.unit_name}, {local(at).date()}: {words.strip()}",
        "recommendation": _ASSESS,
    }
    made = handovers.send(
        db,
        db.get_one(CarePlan, handover.plan_id),
        to=db.get_one(Unit, handover.unit_id),
        reason=BACK,
        content={"parts": checked(parts), "summary": handover.content["summary"]},
        is_back=True,
        contact=contact,
        key=key,
        by=by,
        at=at,
    )
    handovers.record(db, "send-back-handover", made, by=by, at=at)
    return made


def ask(
    db: Session, handover: Handover, *, text: str, subject: str, contact: Contact, key: UUID, by: Actor, at: datetime
) -> Task | None:
    """A question to the sender, in a thread of the team; the task that waits for it. `contact`: the sender's."""
    is_over = handover.status == Status.COMPLETED
    thread = messages.begin(
        db,
        patient=db.get_one(Patient, handover.patient_id),
        unit_id=handover.to_unit_id if is_over else handover.unit_id,
        text=text,
        subject=subject,
        kind=ThreadKind.TEAM,
        to_id=contact.nurse_id or handover.requested_by_id,
        contact=contact,
        key=key,
        by=by,
        at=at,
    )
    waits = db.scalars(sa.select(Task).where(Task.thread_id == thread.id, Task.is_open())).first()
    if waits is not None:
        waits.handover_id, waits.list_unit_id = handover.id, handover.unit_id
        db.flush()
    return waits


def book_review(db: Session, handover: Handover, *, on: date, contact: Contact, by: Actor, at: datetime) -> Task:
    """A day to look back at what was handed over: it stands in the receiver's list from then on."""
    today = local(at).date()
    if not today <= on <= today + LATEST_REVIEW:
        raise ReviewNotPossible
    if handover.status != Status.COMPLETED:
        raise NotAccepted
    starts_at = max(datetime.combine(on, datetime.min.time(), TIME_ZONE), at)
    task = db.scalars(
        sa.select(Task).where(Task.handover_id == handover.id, Task.kind == TaskKind.REVIEW, Task.is_open())
    ).first()
    due = due_at(TaskKind.REVIEW, None, starts_at, contact.hours, contact.times)
    if task is not None:
        task.starts_at, task.due_at = starts_at, due
        db.flush()
        return task
    return tasks.add(
        db,
        kind=TaskKind.REVIEW,
        patient_id=handover.patient_id,
        unit_id=handover.to_unit_id,
        summary="Uppföljning efter överlämningen",
        handover_id=handover.id,
        owner_id=tasks.owner_of(contact, at=at),
        cover_id=contact.cover_id,
        starts_at=starts_at,
        due_at=due,
        at=at,
    )


def _move_team(db: Session, handover: Handover, patient: Patient, *, by: Actor, at: datetime) -> None:
    today = at.date()
    holds = (
        CareTeamMember.patient_id == patient.id,
        CareTeamMember.from_on <= today,
        sa.or_(CareTeamMember.to_on.is_(None), CareTeamMember.to_on >= today),
    )
    db.execute(
        sa.update(CareTeamMember)
        .where(*holds, CareTeamMember.unit_id == handover.unit_id)
        .values(to_on=today - timedelta(days=1))
        .execution_options(synchronize_session="fetch")
    )
    is_there = sa.exists().where(
        *holds,
        CareTeamMember.unit_id == handover.to_unit_id,
        CareTeamMember.role == Capacity.CONTACT_NURSE,
    )
    if by.practitioner_id is not None and not db.scalar(sa.select(is_there)):
        people.add_to_team(
            db,
            patient=patient,
            practitioner_id=by.practitioner_id,
            unit_id=handover.to_unit_id,
            role=Capacity.CONTACT_NURSE,
            by=by,
            at=at,
        )


def _move_questions(db: Session, handover: Handover) -> None:
    """What has been asked of the sender is answered there still; the threads belong to the unit that cares now."""
    asked = sa.and_(Task.handover_id == handover.id, Task.kind == TaskKind.MESSAGE)
    for task in db.scalars(sa.select(Task).where(asked, Task.is_open())):
        task.unit_id = handover.to_unit_id
    threads = sa.select(Task.thread_id).where(asked)
    db.execute(
        sa.update(Thread)
        .where(Thread.id.in_(threads))
        .values(unit_id=handover.to_unit_id)
        .execution_options(synchronize_session="fetch")
    )
    db.flush()
