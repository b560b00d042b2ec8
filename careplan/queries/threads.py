"""Lists of threads: the inbox of a patient and of staff, and what a patient has not opened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from careplan.domain.identity import CLINICAL, Actor, Capacity
from careplan.domain.messages import ThreadKind, quoted
from careplan.models import CareTeamMember, Message, Patient, Person, Practitioner, Task, Thread, ThreadRead
from careplan.models.tasks import OPEN
from careplan.queries.access import visible

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
class Unread:
    """Something from the care team that its reader has not opened."""

    thread_id: UUID
    subject: str
    author: str
    at: datetime


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


def unread(db: Session, actor: Actor, *, limit: int = 5) -> list[Unread]:
    """For the patient, or a relative with the scope "messages", which the caller has asked for: the newest first."""
    rows = db.execute(UNREAD, {"patient_id": actor.patient_id, "person_id": actor.person_id})
    found = {row.id: Unread(row.id, row.subject, f"{row.given_name} {row.family_name}", row.at) for row in rows}
    return sorted(found.values(), key=lambda each: each.at, reverse=True)[:limit]


def _unread() -> sa.Select[Any]:
    """What staff have written in a patient's threads, or closed with a sentence, since the reader opened them."""
    own = sa.select(Thread.id).where(
        Thread.patient_id == sa.bindparam("patient_id", type_=sa.Uuid()), Thread.kind == ThreadKind.PATIENT
    )
    written = sa.select(Message.thread_id, Message.author_id.label("author_id"), Message.sent_at.label("at")).where(
        Message.thread_id.in_(own), Message.capacity.in_(_STAFF)
    )
    closed = (
        sa.select(Task.thread_id, Practitioner.person_id, Task.completed_at)
        .join(Practitioner, Practitioner.id == Task.completed_by_id)
        .where(Task.thread_id.in_(own), Task.next_step != "", Task.status.not_in(OPEN))
    )
    said = sa.union_all(written, closed).subquery()
    read = sa.exists().where(
        ThreadRead.thread_id == said.c.thread_id,
        ThreadRead.person_id == sa.bindparam("person_id", type_=sa.Uuid()),
        ThreadRead.read_at >= said.c.at,
    )
    return (
        sa.select(Thread.id, Thread.subject, Person.given_name, Person.family_name, said.c.at)
        .join(said, said.c.thread_id == Thread.id)
        .join(Person, Person.id == said.c.author_id)
        .where(~read)
        .order_by(said.c.at)
    )


# Built once: the first page asks each time.
UNREAD = _unread()


def _rows(db: Session, actor: Actor, threads: Sequence[Thread]) -> list[Row]:
    """Five statements, however many threads."""
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
    closed = {
        row.thread_id: row
        for row in db.execute(
            sa.select(
                Task.thread_id,
                Task.next_step.label("text"),
                Practitioner.person_id.label("author_id"),
                sa.literal(Capacity.CONTACT_NURSE, Message.capacity.type).label("capacity"),
                Task.completed_at.label("sent_at"),
                Person.given_name,
                Person.family_name,
            )
            .join(Practitioner, Practitioner.id == Task.completed_by_id)
            .join(Person, Person.id == Practitioner.person_id)
            .where(Task.thread_id.in_(ids), Task.next_step != "", Task.status.not_in(OPEN))
            .order_by(Task.completed_at)
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
        if (said := _latest(last.get(thread.id), closed.get(thread.id))) is not None
    ]


def _latest(message: sa.Row | None, closing: sa.Row | None) -> sa.Row | None:
    """The last message, or the sentence with which what waited was closed after it."""
    if message is None or closing is None:
        return message or closing
    return closing if closing.sent_at >= message.sent_at else message


def _is_unread(actor: Actor, thread: Thread, said: sa.Row, read_at: datetime | None) -> bool:
    """Whether the last message is for this reader, and has not been read."""
    is_from_my_side = (
        said.author_id == actor.person_id
        if thread.kind is ThreadKind.TEAM
        else (said.capacity in CLINICAL) == (actor.capacity in CLINICAL)
    )
    return not is_from_my_side and (read_at is None or read_at < said.sent_at)
