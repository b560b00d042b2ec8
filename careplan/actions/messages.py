"""Messages: begun, answered, read, and closed without an answer."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import audit, notices, tasks
from careplan.db import insert
from careplan.domain.errors import CareplanError
from careplan.domain.identity import CLINICAL, Actor, Capacity
from careplan.domain.messages import ThreadKind, checked, quoted, subject_of
from careplan.domain.tasks import Outcome, TaskKind
from careplan.domain.team import Contact
from careplan.models import CareTeamMember, Message, Patient, Task, Thread, ThreadRead
from careplan.models.tasks import OPEN

NOTICE = "new-message"
OF_RELATIVE = "närstående"


class SentBefore(CareplanError):
    """This page was sent before, with other words: those are sent, these are not."""


class NewerMessages(CareplanError):
    """Somebody has written in the thread since the page was opened. Nothing is sent until it has been read."""


class UnitNotCaring(CareplanError):
    """The unit that the thread is with does not care for the patient any longer."""


class MissingSentence(CareplanError):
    """To close without an answer takes a sentence to the one who asked."""


@dataclass(frozen=True, slots=True)
class Comment:
    """The chapter that a thread is about, as the writer saw it."""

    plan_id: UUID
    chapter_id: str
    title: str
    revision: int


def begin(
    db: Session,
    *,
    patient: Patient,
    unit_id: UUID,
    text: str,
    subject: str = "",
    kind: ThreadKind = ThreadKind.PATIENT,
    about: Comment | None = None,
    to_id: UUID | None = None,
    contact: Contact,
    key: UUID,
    by: Actor,
    at: datetime,
) -> Thread:
    """A new thread with its first message. The same page twice gives the same thread.

    `key` is the page's own and becomes the id. A team thread goes to `to_id`, or to who answers for the patient.
    """
    said = checked(text)
    # Holds others who send the same page, and the thread's own tasks, until this ends.
    db.execute(sa.select(Patient.id).where(Patient.id == patient.id).with_for_update())
    earlier = db.get(Message, key)
    if earlier is not None:
        _check_same(earlier, said, by)
        return db.get_one(Thread, earlier.thread_id)
    if by.capacity not in CLINICAL:
        _check_care(db, patient.id, unit_id, at=at)
    thread = Thread(
        id=key,
        patient_id=patient.id,
        patient=patient,
        unit_id=unit_id,
        kind=kind,
        subject=about.title if about else subject_of(subject, said),
        plan_id=about.plan_id if about else None,
        chapter_id=about.chapter_id if about else "",
        revision=about.revision if about else None,
        started_by_id=by.practitioner_id,
        to_id=to_id,
        started_at=at,
        last_at=at,
    )
    db.add(thread)
    db.flush()
    _send(db, thread, said, contact=contact, key=key, by=by, at=at)
    return thread


def reply(
    db: Session,
    thread: Thread,
    *,
    text: str,
    contact: Contact,
    key: UUID,
    seen: int | None = None,
    by: Actor,
    at: datetime,
) -> Message:
    """One more message. From who was asked it answers, and closes the task; from who asks it joins the open one.

    `seen` is how many messages the page showed to staff: two who answer at once do not do so unaware.
    """
    said = checked(text)
    db.refresh(thread, with_for_update={"of": Thread})
    earlier = db.get(Message, key)
    if earlier is not None:
        _check_same(earlier, said, by)
        return earlier
    if by.capacity not in CLINICAL:
        _check_care(db, thread.patient_id, thread.unit_id, at=at)
    elif seen is not None and _count(db, thread) != seen:
        raise NewerMessages
    return _send(db, thread, said, contact=contact, key=key, by=by, at=at)


def mark_read(db: Session, thread: Thread, *, by: Actor, at: datetime) -> bool:
    """Note that all of it is read now, where there is something new; the first of staff stands on the task, too."""
    last_read = db.scalar(
        sa.select(sa.func.max(ThreadRead.read_at)).where(
            ThreadRead.thread_id == thread.id, ThreadRead.person_id == by.person_id
        )
    )
    written = sa.select(Message.id).where(Message.thread_id == thread.id, Message.author_id != by.person_id)
    closed = sa.select(Task.id).where(Task.thread_id == thread.id, Task.completed_by_id.is_not(None))
    if last_read is not None:
        written, closed = written.where(Message.sent_at > last_read), closed.where(Task.completed_at > last_read)
    if not db.scalar(sa.select(sa.or_(written.exists(), closed.exists()))):
        return False
    insert(db, ThreadRead(thread_id=thread.id, person_id=by.person_id, read_at=at, capacity=by.capacity))
    task = _open_task(db, thread) if by.capacity in CLINICAL else None
    if task is not None and not _is_asking(db, thread, task, by):
        tasks.mark_read(db, task, by=by, at=at)
    return True


def close(db: Session, thread: Thread, *, outcome: Outcome | str, sentence: str, by: Actor, at: datetime) -> None:
    """Nothing is written in the thread: a coded outcome, and a sentence that the one who asked reads."""
    db.refresh(thread, with_for_update={"of": Thread})
    task = _open_task(db, thread)
    if task is None:
        raise tasks.TaskAlreadyClosed(*_last_closing(db, thread))
    if outcome == Outcome.ANSWERED:
        raise tasks.UnknownOutcome(str(outcome))
    said = sentence.strip()
    if not said:
        raise MissingSentence
    tasks.complete(db, task, outcome=outcome, next_step=said, reason=said, by=by, at=at)
    _follow(db, thread, by, at=at)
    thread.last_at = at
    db.flush()
    if thread.kind is ThreadKind.PATIENT:
        notices.enqueue(db, patient=thread.patient, template=NOTICE, at=at)


def _send(db: Session, thread: Thread, said: str, *, contact: Contact, key: UUID, by: Actor, at: datetime) -> Message:
    task = _open_task(db, thread)
    task_id: UUID | None = None
    if task is None and _asks(thread, by):
        task_id = _open(db, thread, said, contact=contact, by=by, at=at).id
    elif task is not None and _is_asking(db, thread, task, by):
        task_id = task.id
    elif task is not None:
        tasks.complete(db, task, outcome=Outcome.ANSWERED, next_step="", by=by, at=at)
    _follow(db, thread, by, at=at)
    message = Message(
        id=key,
        thread_id=thread.id,
        author_id=by.person_id,
        capacity=by.capacity,
        text=said,
        sent_at=at,
        task_id=task_id,
    )
    insert(db, message)
    thread.last_at = at
    db.flush()
    audit.record(
        db, "send-message", by=by, at=at, patient_id=thread.patient_id, object_type="thread", object_id=thread.id
    )
    if by.capacity in CLINICAL and thread.kind is ThreadKind.PATIENT:
        notices.enqueue(db, patient=thread.patient, template=NOTICE, at=at)
    return message


def _asks(thread: Thread, by: Actor) -> bool:
    """Whether what this person writes waits for somebody: staff wait for each other, not for the patient."""
    return thread.kind is ThreadKind.TEAM or by.capacity not in CLINICAL


def _is_asking(db: Session, thread: Thread, task: Task, by: Actor) -> bool:
    """Whether the open task is this person's own question, or the patient's and this is the patient's side."""
    if thread.kind is ThreadKind.PATIENT:
        return by.capacity not in CLINICAL
    asker = db.scalar(sa.select(Message.author_id).where(Message.task_id == task.id).limit(1))
    return asker == by.person_id


def _open(db: Session, thread: Thread, said: str, *, contact: Contact, by: Actor, at: datetime) -> Task:
    return tasks.open_task(
        db,
        kind=TaskKind.MESSAGE,
        patient_id=thread.patient_id,
        unit_id=thread.unit_id,
        contact=_receiver(thread, contact, by),
        summary=_summary(thread, said, by),
        thread_id=thread.id,
        starts_at=at,
        at=at,
    )


def _receiver(thread: Thread, contact: Contact, by: Actor) -> Contact:
    """Who answers: for the patient the nurse or cover; in the team the other of the two, with the nurse as cover."""
    if thread.kind is ThreadKind.PATIENT:
        return contact
    to = thread.to_id if by.practitioner_id == thread.started_by_id else thread.started_by_id
    if to is None or to == contact.nurse_id:
        return contact
    return replace(contact, nurse_id=to, is_away=False, cover_id=contact.answers_id)


def _summary(thread: Thread, said: str, by: Actor) -> str:
    words = quoted(said)
    if thread.chapter_id:
        words = f"{thread.subject}: {words}"
    if by.capacity is Capacity.RELATIVE:
        return f"{by.name}, {OF_RELATIVE}: {words}"
    return f"{by.name}: {words}" if thread.kind is ThreadKind.TEAM else words


def _open_task(db: Session, thread: Thread) -> Task | None:
    return db.scalars(
        sa.select(Task).where(Task.thread_id == thread.id, Task.status.in_(OPEN)).order_by(Task.created_at).limit(1)
    ).first()


def _last_closing(db: Session, thread: Thread) -> tuple[str, datetime | None]:
    task = db.scalars(
        sa.select(Task).where(Task.thread_id == thread.id).order_by(Task.completed_at.desc()).limit(1)
    ).first()
    if task is None or task.completed_by is None:
        return "", None
    return task.completed_by.name, task.completed_at


def _count(db: Session, thread: Thread) -> int:
    return db.scalar(sa.select(sa.func.count()).where(Message.thread_id == thread.id)) or 0


def _follow(db: Session, thread: Thread, by: Actor, *, at: datetime) -> None:
    """The thread of a patient who has moved belongs to the unit that cares for the patient now, and answers in it."""
    if by.capacity not in CLINICAL or by.unit_id is None or thread.unit_id == by.unit_id:
        return
    if _is_cared_for(db, thread.patient_id, by.unit_id, at=at):
        thread.unit_id = by.unit_id
        db.flush()


def _check_same(earlier: Message, said: str, by: Actor) -> None:
    if earlier.author_id != by.person_id or earlier.text != said:
        raise SentBefore


def _check_care(db: Session, patient_id: UUID, unit_id: UUID, *, at: datetime) -> None:
    if not _is_cared_for(db, patient_id, unit_id, at=at):
        raise UnitNotCaring


def _is_cared_for(db: Session, patient_id: UUID, unit_id: UUID, *, at: datetime) -> bool:
    today = at.date()
    is_cared_for = sa.exists().where(
        CareTeamMember.patient_id == patient_id,
        CareTeamMember.unit_id == unit_id,
        CareTeamMember.from_on <= today,
        sa.or_(CareTeamMember.to_on.is_(None), CareTeamMember.to_on >= today),
    )
    return db.scalar(sa.select(is_cared_for)) is True
