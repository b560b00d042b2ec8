"""One thread with who wrote and who has read, and whom one may write to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from careplan.domain.identity import CLINICAL, Actor, Capacity
from careplan.domain.messages import ThreadKind
from careplan.domain.team import Contact
from careplan.models import (
    Account,
    CareTeamMember,
    Membership,
    Message,
    Patient,
    Person,
    Practitioner,
    Task,
    Thread,
    ThreadRead,
)
from careplan.models.tasks import OPEN
from careplan.queries.access import visible_patients
from careplan.queries.team import caring_units, contact_for


@dataclass(frozen=True, slots=True)
class Reading:
    """Who of the other side read a message first, and when."""

    name: str
    given_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Said:
    """One message as it is shown."""

    id: UUID
    text: str
    author: str
    title: str  # the profession of staff
    is_mine: bool
    is_from_staff: bool
    is_by_relative: bool
    sent_at: datetime
    read: Reading | None


@dataclass(frozen=True, slots=True)
class Closing:
    """What waited was closed without a message: by whom, when, and what was said."""

    task: Task
    name: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A thread: its messages, the task that is open, and what was closed without an answer."""

    thread: Thread
    messages: tuple[Said, ...]
    waits: Task | None
    is_waiting_for_me: bool  # the open task is not the reader's own question
    closings: tuple[Closing, ...]


def shown(db: Session, actor: Actor, thread: Thread) -> Shown:
    """A thread that the actor was allowed to fetch."""
    messages = db.execute(
        sa.select(Message, Person, Practitioner.title)
        .join(Person, Person.id == Message.author_id)
        .outerjoin(Practitioner, Practitioner.person_id == Message.author_id)
        .where(Message.thread_id == thread.id)
        .order_by(Message.sent_at, Message.id)
    ).all()
    readings = db.execute(
        sa.select(ThreadRead.read_at, ThreadRead.person_id, ThreadRead.capacity, Person.given_name, Person.family_name)
        .join(Person, Person.id == ThreadRead.person_id)
        .where(ThreadRead.thread_id == thread.id)
        .order_by(ThreadRead.read_at)
    ).all()
    tasks = db.scalars(
        sa.select(Task)
        .where(Task.thread_id == thread.id)
        .order_by(Task.created_at)
        .options(joinedload(Task.completed_by), joinedload(Task.owner), joinedload(Task.cover))
    ).all()
    said = tuple(_said(actor, thread, message, author, title or "", readings) for message, author, title in messages)
    waits = next((task for task in tasks if task.status in OPEN), None)
    return Shown(
        thread=thread,
        messages=said,
        waits=waits,
        is_waiting_for_me=waits is not None
        and actor.capacity in CLINICAL
        and not any(message.task_id == waits.id and message.author_id == actor.person_id for message, *_ in messages),
        closings=tuple(
            Closing(task, task.completed_by.name if task.completed_by else "")
            for task in tasks
            if task.status not in OPEN and task.next_step
        ),
    )


def contacts(db: Session, patient_id: UUID, *, at: datetime) -> list[Contact]:
    """The units that care for a patient now, the one that named a nurse last first."""
    units = dict.fromkeys(db.scalars(caring_units(patient_id, at=at)))
    return [contact_for(db, patient_id, unit_id, at=at) for unit_id in units]


def is_known(db: Session, actor: Actor, patient_id: UUID, *, at: datetime) -> bool:
    """Whether the actor may open the patient's page, too, and not just what this thread is about."""
    query = sa.select(Patient.id).where(Patient.id == patient_id, Patient.id.in_(visible_patients(actor, at=at)))
    return db.scalar(query) is not None


def has_account(db: Session, patient: Patient) -> bool:
    """Whether the patient can log in, and so read what is written here."""
    return db.scalar(sa.select(sa.exists().where(Account.person_id == patient.person_id, Account.is_active))) is True


def colleagues(db: Session, actor: Actor, patient_id: UUID, *, at: datetime) -> list[tuple[UUID, str, str]]:
    """Who else cares for the patient at the actor's unit: id, name and title."""
    today = at.date()
    rows = db.execute(
        sa.select(Practitioner.id, Person.given_name, Person.family_name, Practitioner.title)
        .join(Person, Person.id == Practitioner.person_id)
        .join(CareTeamMember, CareTeamMember.practitioner_id == Practitioner.id)
        .join(
            Membership,
            sa.and_(
                Membership.practitioner_id == Practitioner.id,
                Membership.unit_id == actor.unit_id,
                sa.or_(Membership.to_on.is_(None), Membership.to_on >= today),
            ),
        )
        .where(
            CareTeamMember.patient_id == patient_id,
            CareTeamMember.unit_id == actor.unit_id,
            CareTeamMember.from_on <= today,
            sa.or_(CareTeamMember.to_on.is_(None), CareTeamMember.to_on >= today),
            Practitioner.id != actor.practitioner_id,
        )
        .order_by((CareTeamMember.role == Capacity.CONTACT_NURSE).desc(), Person.given_name)
    )
    found = {row.id: (row.id, f"{row.given_name} {row.family_name}", row.title) for row in rows}
    return list(found.values())


def _said(
    actor: Actor, thread: Thread, message: Message, author: Person, title: str, readings: Iterable[sa.Row]
) -> Said:
    read = next(
        (
            Reading(f"{row.given_name} {row.family_name}", row.given_name, row.read_at)
            for row in readings
            if row.read_at >= message.sent_at and _is_other_side(thread, message, row)
        ),
        None,
    )
    return Said(
        id=message.id,
        text=message.text,
        author=author.name,
        title=title if message.is_from_staff else "",
        is_mine=message.author_id == actor.person_id,
        is_from_staff=message.is_from_staff,
        is_by_relative=message.capacity is Capacity.RELATIVE,
        sent_at=message.sent_at,
        read=read,
    )


def _is_other_side(thread: Thread, message: Message, row: sa.Row) -> bool:
    if thread.kind is ThreadKind.TEAM:
        return bool(row.person_id != message.author_id)
    if not message.is_from_staff:
        return row.capacity in CLINICAL
    return row.capacity is Capacity.PATIENT
