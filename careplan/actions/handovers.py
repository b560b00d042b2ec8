"""Active handover: asked for, accepted or declined, and completed when somebody has talked with the patient.

Until then the sender is responsible, and the care team, the plan and its tasks stay where they are.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import audit, routing, tasks
from careplan.domain.errors import CareplanError
from careplan.domain.handovers import FOLLOWING, OPEN, REASONS, Status, alongside, answer_due, checked, contact_due
from careplan.domain.identity import Actor, Capacity
from careplan.domain.tasks import Outcome, TaskKind, due_at
from careplan.domain.team import Contact
from careplan.domain.triage import Level
from careplan.i18n import local
from careplan.models import (
    Block,
    CarePlan,
    Handover,
    Membership,
    Patient,
    Task,
    Unit,
)


class UnknownReason(CareplanError):
    """No such reason to hand over."""


class OwnUnit(CareplanError):
    """To hand over to oneself."""


class NoReceiver(CareplanError):
    """The unit is closed, or no contact nurse works there: nobody would read it."""


class PatientDied(CareplanError):
    """There is nobody to hand over."""


class PlanNotSigned(CareplanError):
    """What is handed over is a plan that the patient reads."""


class Blocked(CareplanError):
    """The patient bars the receiver from what the sender has written."""


class HandoverOpen(CareplanError):
    """The patient is being handed over already."""

    def __init__(self, to: str) -> None:
        super().__init__(to)
        self.to = to


class HandoverAnswered(CareplanError):
    """It has gone on since the page was opened."""

    def __init__(self, status: str) -> None:
        super().__init__(status)
        self.status = status


class MissingWords(CareplanError):
    """Who declines, takes back or sends back says why."""


def request(
    db: Session,
    plan: CarePlan,
    *,
    to: Unit,
    reason: str,
    parts: Mapping[str, str],
    summary: Mapping[str, Any] | None = None,
    contact: Contact,
    key: UUID,
    by: Actor,
    at: datetime,
) -> Handover:
    """Ask a unit to take over. The same page twice is one handover: `key` becomes the id."""
    if reason not in REASONS:
        raise UnknownReason
    along = alongside(summary["parts"]) if summary else {}
    content = {"parts": checked(parts, along.values()), "summary": dict(summary) if summary else None}
    made = send(db, plan, to=to, reason=reason, content=content, is_back=False, contact=contact, key=key, by=by, at=at)
    record(db, "request-handover", made, by=by, at=at)
    return made


def accept(db: Session, handover: Handover, *, contact: Contact, by: Actor, at: datetime) -> None:
    """Take it on: next the receiver talks with the patient. `contact` is the sender's side."""
    hold(db, handover, Status.ACCEPTED)
    living(db, handover.patient_id)
    handover.answered_by_id, handover.answered_at = by.practitioner_id, at
    close_tasks(db, handover, Outcome.ACCEPTED, by=by, at=at)
    there = handover.to_unit
    _open(
        db,
        handover,
        list_unit=there,
        text=_TALK,
        owner_id=by.practitioner_id,
        due=contact_due(there.opening_hours, there.times, at, is_back=handover.is_back),
        at=at,
    )
    due = contact_due(contact.hours, contact.times, at, is_back=handover.is_back)
    _watch(db, handover, contact, due, _NOT_SPOKEN, at=at)
    record(db, "accept-handover", handover, by=by, at=at)


def decline(db: Session, handover: Handover, *, words: str, contact: Contact, by: Actor, at: datetime) -> Task:
    """Say no, or no longer, with the reason: a task of the sender. `contact` is the sender's side."""
    if not words.strip():
        raise MissingWords
    hold(db, handover, Status.REJECTED)
    handover.answered_by_id, handover.answered_at, handover.words = by.practitioner_id, at, words.strip()
    close_tasks(db, handover, Outcome.RETURNED, words=handover.words, by=by, at=at)
    task = _open(
        db,
        handover,
        list_unit=handover.unit,
        text=f"{there_name(handover)} tackade nej: {handover.words}",
        owner_id=tasks.owner_of(contact, at=at),
        cover_id=contact.cover_id,
        due=due_at(TaskKind.HANDOVER, None, at, contact.hours, contact.times),
        at=at,
    )
    record(db, "decline-handover", handover, by=by, at=at)
    return task


def revoke(db: Session, handover: Handover, *, words: str, by: Actor, at: datetime) -> None:
    """The sender takes it back."""
    if not words.strip():
        raise MissingWords
    hold(db, handover, Status.REVOKED)
    handover.words = words.strip()
    close_tasks(db, handover, Outcome.NO_ACTION, words=handover.words, by=by, at=at)
    record(db, "revoke-handover", handover, by=by, at=at)


def keep(db: Session, handover: Handover, *, by: Actor, at: datetime) -> None:
    """The sender has read why it was declined: the patient stays. One that is open is taken back instead."""
    if handover.is_open:
        raise HandoverAnswered(handover.status)
    close_tasks(db, handover, Outcome.NO_ACTION, words=handover.words or _STAYS, by=by, at=at)


def end_for_block(db: Session, patient_id: UUID, *, by: Actor, at: datetime) -> None:
    """The patient bars a receiver: what is on its way there stays with the sender, who is told."""
    for handover in db.scalars(sa.select(Handover).where(Handover.patient_id == patient_id, Handover.status.in_(OPEN))):
        is_barred = Block.bars(sa.literal(patient_id), sa.literal(handover.unit_id), handover.to_unit_id, at=at)
        if not db.scalar(sa.select(is_barred)):
            continue
        handover.status, handover.words = Status.REVOKED, BARRED
        db.flush()
        for task in tasks_of(db, handover):
            task.list_unit_id, task.owner_id, task.cover_id = handover.unit_id, handover.requested_by_id, None
            task.summary, task.starts_at, task.due_at = BARRED, at, max(task.due_at, at)
        db.flush()
        record(db, "revoke-handover", handover, by=by, at=at)


_TALK = "Tala med patienten och bekräfta kontakten"
_NOT_SPOKEN = "har inte bekräftat kontakt med patienten"
_NOT_ANSWERED = "har inte svarat på överlämningen"
_STAYS = "Patienten stannar kvar."
BARRED = "Patienten har spärrat uppgifterna för mottagaren. Överlämningen är avbruten."
NEWER = "En ny överlämning är skickad."


def there_name(handover: Handover) -> str:
    return handover.to_unit.name


def send(
    db: Session,
    plan: CarePlan,
    *,
    to: Unit,
    reason: str,
    content: Mapping[str, Any],
    is_back: bool,
    contact: Contact,
    key: UUID,
    by: Actor,
    at: datetime,
) -> Handover:
    # Of two who send at once the second finds what the first has sent.
    living(db, plan.patient_id)
    earlier = db.get(Handover, key)
    if earlier is not None and earlier.plan_id == plan.id:
        return earlier
    standing = db.scalars(sa.select(Handover).where(Handover.plan_id == plan.id, Handover.status.in_(OPEN))).first()
    if standing is not None:
        raise HandoverOpen(standing.to_unit.name)
    if plan.status != "active":
        raise PlanNotSigned
    if to.id == plan.unit_id:
        raise OwnUnit
    if not has_nurses(db, to.id, at=at):
        raise NoReceiver
    if db.scalar(sa.select(Block.bars(sa.literal(plan.patient_id), sa.literal(plan.unit_id), to.id, at=at))):
        raise Blocked
    for old in db.scalars(sa.select(Handover).where(Handover.plan_id == plan.id, Handover.status == Status.REJECTED)):
        close_tasks(db, old, Outcome.NO_ACTION, words=NEWER, by=by, at=at)
    made = Handover(
        id=key,
        patient_id=plan.patient_id,
        plan_id=plan.id,
        unit_id=plan.unit_id,
        to_unit_id=to.id,
        reason=reason,
        is_back=is_back,
        content=dict(content),
        requested_by_id=by.practitioner_id,
        requested_at=at,
        status=Status.REQUESTED,
    )
    db.add(made)
    db.flush()
    _open(
        db,
        made,
        list_unit=to,
        text=made.content["parts"]["situation"],
        owner_id=routing.nurse_of(db, plan.patient_id, to.id, at=at),
        due=answer_due(to.opening_hours, to.times, at, is_back=is_back),
        at=at,
    )
    due = answer_due(contact.hours, contact.times, at, is_back=is_back)
    _watch(db, made, contact, due, _NOT_ANSWERED, at=at)
    return made


def has_nurses(db: Session, unit_id: UUID, *, at: datetime) -> bool:
    """Open, and with a contact nurse, there today or not."""
    today = local(at).date()
    return bool(
        db.scalar(
            sa.select(
                sa.exists().where(
                    Membership.unit_id == unit_id,
                    Membership.role == Capacity.CONTACT_NURSE,
                    Membership.from_on <= today,
                    sa.or_(Membership.to_on.is_(None), Membership.to_on >= today),
                    Unit.id == Membership.unit_id,
                    sa.or_(Unit.closed_on.is_(None), Unit.closed_on > today),
                )
            )
        )
    )


def living(db: Session, patient_id: UUID) -> Patient:
    """Alive; the row is held until this ends."""
    patient = db.scalars(sa.select(Patient).where(Patient.id == patient_id).with_for_update(of=Patient)).one()
    if patient.deceased_on is not None:
        raise PatientDied
    return patient


def hold(db: Session, handover: Handover, to: Status) -> None:
    """Lock the row and read it anew: of two who answer at once the second learns what the first said."""
    db.refresh(handover, with_for_update={"of": Handover})
    if to not in FOLLOWING[Status(handover.status)]:
        raise HandoverAnswered(handover.status)
    handover.status = to
    db.flush()


def _watch(db: Session, handover: Handover, contact: Contact, due: datetime, what: str, *, at: datetime) -> None:
    """The sender's own clock: it stands in the list when the time is over, and climbs."""
    _open(
        db,
        handover,
        list_unit=handover.unit,
        text=f"{there_name(handover)} {what}",
        owner_id=tasks.owner_of(contact, at=at),
        cover_id=contact.cover_id,
        starts_at=due,
        due=due,
        at=at,
    )


def _open(
    db: Session,
    handover: Handover,
    *,
    list_unit: Unit,
    text: str,
    owner_id: UUID | None,
    due: datetime,
    at: datetime,
    cover_id: UUID | None = None,
    starts_at: datetime | None = None,
) -> Task:
    return tasks.add(
        db,
        kind=TaskKind.HANDOVER,
        level=Level.RED if handover.is_back else None,
        patient_id=handover.patient_id,
        unit_id=handover.unit_id,
        list_unit_id=list_unit.id,
        summary=" ".join(text.split()),
        handover_id=handover.id,
        owner_id=owner_id,
        cover_id=cover_id,
        starts_at=starts_at or at,
        due_at=due,
        at=at,
    )


def tasks_of(db: Session, handover: Handover) -> list[Task]:
    return list(
        db.scalars(
            sa.select(Task)
            .where(Task.handover_id == handover.id, Task.kind == TaskKind.HANDOVER, Task.is_open())
            .order_by(Task.id)
        )
    )


def close_tasks(db: Session, handover: Handover, outcome: Outcome, *, words: str = "", by: Actor, at: datetime) -> None:
    for task in tasks_of(db, handover):
        tasks.complete(db, task, outcome=outcome, next_step="", reason=words, by=by, at=at)


def record(db: Session, action: str, handover: Handover, *, by: Actor, at: datetime) -> None:
    audit.record(
        db, action, by=by, at=at, patient_id=handover.patient_id, object_type="handover", object_id=handover.id
    )
