"""Threads of messages: the inbox of a patient and of staff, and one thread with who wrote and who has read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from careplan.domain.identity import CLINICAL, Actor, Capacity
from careplan.domain.messages import ThreadKind, quoted
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
from careplan.queries.access import visible
from careplan.queries.team import contact_for

PAGE = 50
SHORT = 110
_STAFF = tuple(CLINICAL)


@dataclass(frozen=True, slots=True)
class Row:
    """A thread in a list. `waits` is its open task, and `is_answered` that somebody of staff has written in it."""

    id: UUID
    kind: ThreadKind
    patient_id: UUID
    patient_name: str
    subject: str
    words: str  # the last message, shortened
    author: str
    is_mine: bool
    is_from_staff: bool
    last_at: datetime
    is_unread: bool
    waits: Task | None


@dataclass(frozen=True, slots=True)
class Inbox:
    rows: tuple[Row, ...]
    more_after: datetime | None


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


def inbox(db: Session, actor: Actor, *, at: datetime, before: datetime | None = None, limit: int = PAGE) -> Inbox:
    """What the patient, or a relative who may, has written and been answered, the newest first."""
    query = sa.select(Thread).where(visible(Thread, actor, at=at))
    if before is not None:
        query = query.where(Thread.last_at < before)
    found = db.scalars(query.order_by(Thread.last_at.desc(), Thread.id).limit(limit + 1)).all()
    rows = _rows(db, actor, found[:limit])
    return Inbox(tuple(rows), found[limit - 1].last_at if len(found) > limit else None)


def waiting(db: Session, actor: Actor, mine: sa.ColumnElement[bool], *, at: datetime) -> list[Row]:
    """Threads with an open task of `mine`: unread first, then by when they are due."""
    found = db.scalars(
        sa.select(Thread)
        .join(Task, Task.thread_id == Thread.id)
        .where(visible(Thread, actor, at=at), mine)
        .order_by(Task.due_at, Thread.id)
        .limit(PAGE)
    ).all()
    return sorted(_rows(db, actor, found), key=lambda row: not row.is_unread)


def recent(db: Session, actor: Actor, *, at: datetime, before: datetime | None = None, limit: int = PAGE) -> Inbox:
    """What nobody waits for any longer, of the reader's patients or with the reader in it; unread first."""
    today = at.date()
    own = sa.select(CareTeamMember.patient_id).where(
        CareTeamMember.practitioner_id == actor.practitioner_id,
        CareTeamMember.unit_id == actor.unit_id,
        CareTeamMember.from_on <= today,
        sa.or_(CareTeamMember.to_on.is_(None), CareTeamMember.to_on >= today),
    )
    written = sa.exists().where(Message.thread_id == Thread.id, Message.author_id == actor.person_id)
    is_open = sa.exists().where(Task.thread_id == Thread.id, Task.status.in_(OPEN))
    query = sa.select(Thread).where(
        visible(Thread, actor, at=at), sa.or_(Thread.patient_id.in_(own), written), ~is_open
    )
    if before is not None:
        query = query.where(Thread.last_at < before)
    found = db.scalars(query.order_by(Thread.last_at.desc(), Thread.id).limit(limit + 1)).all()
    rows = sorted(_rows(db, actor, found[:limit]), key=lambda row: not row.is_unread)
    return Inbox(tuple(rows), found[limit - 1].last_at if len(found) > limit else None)


def of_patient(db: Session, actor: Actor, patient_id: UUID, *, at: datetime, limit: int = 5) -> list[Row]:
    """The latest threads about one patient that the actor may see."""
    found = db.scalars(
        sa.select(Thread)
        .where(visible(Thread, actor, at=at), Thread.patient_id == patient_id)
        .order_by(Thread.last_at.desc(), Thread.id)
        .limit(limit)
    ).all()
    return _rows(db, actor, found)


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
    today = at.date()
    rows = db.execute(
        sa.select(CareTeamMember.unit_id)
        .where(
            CareTeamMember.patient_id == patient_id,
            CareTeamMember.from_on <= today,
            sa.or_(CareTeamMember.to_on.is_(None), CareTeamMember.to_on >= today),
        )
        .order_by((CareTeamMember.role == Capacity.CONTACT_NURSE).desc(), CareTeamMember.from_on.desc())
    )
    units = dict.fromkeys(row.unit_id for row in rows)
    return [contact_for(db, patient_id, unit_id, at=at) for unit_id in units]


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


def _rows(db: Session, actor: Actor, threads: Sequence[Thread]) -> list[Row]:
    """Four statements, however many threads."""
    ids = [thread.id for thread in threads]
    if not ids:
        return []
    names = {
        row.id: f"{row.given_name} {row.family_name}"
        for row in db.execute(
            sa.select(Patient.id, Person.given_name, Person.family_name)
            .join(Person, Person.id == Patient.person_id)
            .where(Patient.id.in_({thread.patient_id for thread in threads}))
        )
    }
    newest = (
        sa.select(
            Message.id,
            sa.func.row_number()
            .over(partition_by=Message.thread_id, order_by=(Message.sent_at.desc(), Message.id.desc()))
            .label("place"),
        )
        .where(Message.thread_id.in_(ids))
        .subquery()
    )
    last = {
        row.thread_id: row
        for row in db.execute(
            sa.select(
                Message.thread_id,
                Message.text,
                Message.author_id,
                Message.capacity,
                Message.sent_at,
                Person.given_name,
                Person.family_name,
            )
            .join(newest, sa.and_(newest.c.id == Message.id, newest.c.place == 1))
            .join(Person, Person.id == Message.author_id)
        )
    }
    is_staff = actor.capacity in CLINICAL
    # Of what patients write it counts that somebody of staff has read it; of what the team writes, that I have.
    readers = sa.or_(
        ThreadRead.person_id == actor.person_id,
        sa.and_(sa.literal(is_staff), Thread.kind == ThreadKind.PATIENT, ThreadRead.capacity.in_(_STAFF)),
    )
    read = {
        row[0]: row[1]
        for row in db.execute(
            sa.select(ThreadRead.thread_id, sa.func.max(ThreadRead.read_at))
            .join(Thread, Thread.id == ThreadRead.thread_id)
            .where(ThreadRead.thread_id.in_(ids), readers)
            .group_by(ThreadRead.thread_id)
        )
    }
    open_tasks = {
        task.thread_id: task
        for task in db.scalars(
            sa.select(Task)
            .where(Task.thread_id.in_(ids), Task.status.in_(OPEN))
            .options(joinedload(Task.owner), joinedload(Task.read_by))
        )
    }
    return [
        Row(
            id=thread.id,
            kind=thread.kind,
            patient_id=thread.patient_id,
            patient_name=names[thread.patient_id],
            subject=thread.subject,
            words=quoted(said.text, SHORT),
            author=f"{said.given_name} {said.family_name}",
            is_mine=said.author_id == actor.person_id,
            is_from_staff=said.capacity in CLINICAL,
            last_at=said.sent_at,
            is_unread=_is_unread(actor, thread, said, read.get(thread.id)),
            waits=open_tasks.get(thread.id),
        )
        for thread in threads
        if (said := last.get(thread.id)) is not None
    ]


def _is_unread(actor: Actor, thread: Thread, said: sa.Row, read_at: datetime | None) -> bool:
    """Whether the last message is for this reader, and has not been read."""
    is_from_my_side = (
        said.author_id == actor.person_id
        if thread.kind is ThreadKind.TEAM
        else (said.capacity in CLINICAL) == (actor.capacity in CLINICAL)
    )
    return not is_from_my_side and (read_at is None or read_at < said.sent_at)


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
