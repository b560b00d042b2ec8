"""Work items: raised from a response or by a person or a job, read, taken, tried and closed."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import audit, letters, notices
from careplan.actions.reasons import NO_FLAG, SUMMARY_LENGTH, KnownFlag, fitting, known_among, reason_to_look
from careplan.db import Base, insert
from careplan.domain.answers import Answers
from careplan.domain.correcting import Replaced, corrections_in_words
from careplan.domain.errors import CareplanError
from careplan.domain.identity import Actor
from careplan.domain.questionnaire import Questionnaire
from careplan.domain.summary import LANG
from careplan.domain.tasks import Outcome, TaskKind, due_at, outcomes_for, urgency_rank
from careplan.domain.team import Contact
from careplan.domain.triage import Level, RaisedFlag
from careplan.domain.worktime import counted
from careplan.i18n import local
from careplan.models import QuestionnaireResponse, Task
from careplan.models.tasks import OPEN

FAILED_TRIAGE = "Reglerna kunde inte räknas. Läs alla svar."
OF_RELATIVE = "Närstående"
CORRECTED_WISHES = "Har ändrat det som önskades"

# Built once, since each sending asks: the flags that were closed as known and taken care of, and until when.
TASK, FLAG, RESPONSE = (Base.metadata.tables[name] for name in ("task", "flag", "questionnaire_response"))
KNOWN = (
    sa.select(FLAG.c.item, FLAG.c.value, FLAG.c.level, TASK.c.known_until)
    .join_from(FLAG, TASK, TASK.c.response_id == FLAG.c.response_id)
    .join(RESPONSE, RESPONSE.c.id == FLAG.c.response_id)
    .where(
        RESPONSE.c.respondent_id.is_not_distinct_from(sa.bindparam("respondent_id", type_=sa.Uuid())),
        TASK.c.patient_id == sa.bindparam("patient_id"),
        TASK.c.unit_id == sa.bindparam("unit_id"),
        TASK.c.status == "completed",
        TASK.c.outcome == Outcome.KNOWN,
        TASK.c.known_until >= sa.bindparam("today"),
        FLAG.c.item.in_(sa.bindparam("items", expanding=True)),
    )
    .order_by(TASK.c.known_until)
)


class TaskAlreadyClosed(CareplanError):
    """Somebody closed it first. `closed_at` is None only for a task whose closing carries no time."""

    def __init__(self, closed_by: str, closed_at: datetime | None) -> None:
        super().__init__(closed_by)
        self.closed_by = closed_by
        self.closed_at = closed_at


class UnknownOutcome(CareplanError):
    """No such outcome for a task of this kind."""

    def __init__(self, outcome: str) -> None:
        super().__init__(outcome)
        self.outcome = outcome


class MissingReason(CareplanError):
    """To do nothing needs a reason; to hand over needs to whom."""


class MissingDate(CareplanError):
    """Known until when?"""


class KnownUntilInThePast(CareplanError):
    def __init__(self, on: date) -> None:
        super().__init__(on.isoformat())
        self.on = on


def raise_for(
    db: Session,
    response: QuestionnaireResponse,
    *,
    questionnaire: Questionnaire,
    flags: Sequence[RaisedFlag],
    previous: Answers | None,
    contact: Contact,
    at: datetime,
    replaced: Replaced | None = None,
    answers: Answers | None = None,
) -> Task:
    """The one task of a response: for its flags, for a wish to be contacted, or to be read and acknowledged.

    An answer that is known and taken care of, and not worse than then, does not stand as a flag again: it is said in
    the summary. A response whose rules could not be evaluated goes to the shared list as if it were red, since nobody
    knows. A flag that stood already for what this corrects, and has become no worse, has its task, open or closed by a
    person: it raises no second one.
    """
    corrected = corrections_in_words(questionnaire, replaced.answers, answers or {}, LANG) if replaced else []
    kind: TaskKind = TaskKind.FLAG
    level: Level | None = Level.RED
    said, owner_id, cover_id = [FAILED_TRIAGE], None, None
    if response.triage != "failed":
        new = _not_standing(questionnaire, flags, replaced) if replaced else flags
        known = _known(db, response, questionnaire, new, at=at) if new else {}
        kind, level, said = reason_to_look(response, questionnaire, new, previous, known)
        if replaced:
            said = [*([] if said == [NO_FLAG] and flags else said), *(corrected or [CORRECTED_WISHES])]
        owner_id, cover_id = owner_of(contact, at=at), contact.cover_id
    if replaced:
        _say_in_open_tasks(db, response, replaced, corrected or [CORRECTED_WISHES])
    return add(
        db,
        kind=kind,
        level=level,
        urgency=response.urgency,
        patient_id=response.patient_id,
        unit_id=response.unit_id,
        summary=f"{OF_RELATIVE}: {fitting(said)}" if response.respondent_id else fitting(said),
        response_id=response.id,
        request_id=response.request_id,
        owner_id=owner_id,
        cover_id=cover_id,
        starts_at=at,
        due_at=due_at(kind, level, at, contact.hours, contact.times),
        at=at,
    )


def open_task(
    db: Session,
    *,
    kind: TaskKind,
    patient_id: UUID,
    unit_id: UUID,
    contact: Contact,
    summary: str,
    starts_at: datetime,
    at: datetime,
    level: Level | None = None,
    urgency: str | None = None,
    response_id: UUID | None = None,
    goal_id: UUID | None = None,
    request_id: UUID | None = None,
    thread_id: UUID | None = None,
) -> Task:
    """A task for the one who answers for the patient, else on the shared list; in the list from `starts_at`."""
    return add(
        db,
        kind=kind,
        level=level,
        urgency=urgency,
        patient_id=patient_id,
        unit_id=unit_id,
        summary=summary,
        response_id=response_id,
        goal_id=goal_id,
        request_id=request_id,
        thread_id=thread_id,
        owner_id=owner_of(contact, at=at),
        cover_id=contact.cover_id,
        starts_at=starts_at,
        due_at=due_at(kind, level, starts_at, contact.hours, contact.times),
        at=at,
    )


def owner_of(contact: Contact, *, at: datetime) -> UUID | None:
    """The contact nurse, away or not: who answers meanwhile is asked each time, and the task is hers when she is back.

    Nobody where the unit has no hours: then all of the unit sees it, since no telephone of hers will be answered.
    """
    return contact.nurse_id if counted(contact.hours, at) is contact.hours else None


def add(
    db: Session,
    *,
    kind: TaskKind,
    patient_id: UUID,
    unit_id: UUID,
    summary: str,
    owner_id: UUID | None,
    cover_id: UUID | None,
    starts_at: datetime,
    due_at: datetime,
    at: datetime,
    level: Level | None = None,
    urgency: str | None = None,
    response_id: UUID | None = None,
    goal_id: UUID | None = None,
    request_id: UUID | None = None,
    thread_id: UUID | None = None,
    referral_id: UUID | None = None,
    handover_id: UUID | None = None,
    list_unit_id: UUID | None = None,
) -> Task:
    """Store a task whose owner, cover and due time are decided."""
    task = Task(
        kind=kind,
        level=level,
        rank=urgency_rank(kind, level, urgency),
        patient_id=patient_id,
        unit_id=unit_id,
        list_unit_id=list_unit_id or unit_id,
        summary=summary[:SUMMARY_LENGTH],
        response_id=response_id,
        goal_id=goal_id,
        request_id=request_id,
        thread_id=thread_id,
        referral_id=referral_id,
        handover_id=handover_id,
        owner_id=owner_id,
        cover_id=cover_id,
        created_at=at,
        starts_at=starts_at,
        due_at=due_at,
        status="requested",
    )
    insert(db, task)
    return task


def mark_read(db: Session, task: Task, *, by: Actor, at: datetime) -> bool:
    """Note who opened it first, and when; the patient sees it. False when it was read before."""
    if task.read_at is not None:
        return False
    marked = db.scalar(
        sa.update(Task)
        .where(Task.id == task.id, Task.read_at.is_(None))
        .values(
            read_by_id=by.practitioner_id,
            read_at=at,
            status="in-progress" if task.status == "requested" else task.status,
        )
        .returning(Task.id)
        .execution_options(synchronize_session=False)
    )
    db.refresh(task)
    return marked is not None


def take(db: Session, task: Task, *, by: Actor, at: datetime) -> None:
    """Make it one's own: from the shared list, or from a colleague."""
    _hold(db, task)
    task.owner_id = by.practitioner_id
    task.held_by_id, task.held_at = by.practitioner_id, at
    db.flush()
    db.expire(task, ["owner", "held_by"])
    audit.record(db, "take-task", by=by, at=at, patient_id=task.patient_id, object_type="task", object_id=task.id)


def try_later(db: Session, task: Task, *, next_step: str, by: Actor, at: datetime) -> None:
    """Tried to reach the patient in vain: that ends nothing, the task stays open and its clock runs."""
    _hold(db, task)
    task.status = "in-progress"
    task.next_step = next_step.strip()
    task.held_by_id = task.held_at = None
    db.flush()
    audit.record(db, "try-task", by=by, at=at, patient_id=task.patient_id, object_type="task", object_id=task.id)


def complete(
    db: Session,
    task: Task,
    *,
    outcome: Outcome | str,
    next_step: str,
    reason: str = "",
    known_until: date | None = None,
    by: Actor,
    at: datetime,
) -> None:
    """Close it with a coded outcome and the sentence that the patient reads."""
    _hold(db, task)
    coded = _checked(task, outcome)
    if coded in (Outcome.NO_ACTION, Outcome.REFERRED) and not reason.strip():
        raise MissingReason
    if coded is Outcome.KNOWN:
        if known_until is None:
            raise MissingDate
        if known_until < local(at).date():
            raise KnownUntilInThePast(known_until)
    task.outcome = coded
    task.known_until = known_until if coded is Outcome.KNOWN else None
    task.reason = reason.strip()
    task.next_step = next_step.strip()
    task.status = "completed"
    task.completed_by_id = by.practitioner_id
    task.completed_at = at
    task.held_by_id = task.held_at = None
    if task.read_at is None:
        task.read_by_id, task.read_at = by.practitioner_id, at
    db.flush()
    db.expire(task, ["completed_by", "read_by"])
    audit.record(db, "complete-task", by=by, at=at, patient_id=task.patient_id, object_type="task", object_id=task.id)
    if task.response_id is not None:
        _tell_patient(db, task, at=at)


def _hold(db: Session, task: Task) -> None:
    """Lock the row and read it anew: of two who close at once the second learns who was first."""
    db.refresh(task, with_for_update={"of": Task})
    if task.status not in OPEN:
        raise TaskAlreadyClosed(task.completed_by.name if task.completed_by else "", task.completed_at)


def _tell_patient(db: Session, task: Task, *, at: datetime) -> None:
    """A notice, and a letter to who answered on paper or by telephone. What a relative has said is not told."""
    sent = db.execute(
        sa.select(RESPONSE.c.respondent_id, RESPONSE.c.mode).where(RESPONSE.c.id == task.response_id)
    ).one()
    if sent.respondent_id is not None:
        return
    notices.enqueue(db, patient=task.patient, template="read", at=at)
    if sent.mode in letters.ON_PAPER:
        letters.owe(db, task, at=at)


def _checked(task: Task, outcome: Outcome | str) -> Outcome:
    allowed = {possible.value: possible for possible in outcomes_for(task.kind, task.level)}
    if str(outcome) not in allowed:
        raise UnknownOutcome(str(outcome))
    return allowed[str(outcome)]


def _known(
    db: Session,
    response: QuestionnaireResponse,
    questionnaire: Questionnaire,
    flags: Sequence[RaisedFlag],
    *,
    at: datetime,
) -> dict[str, date]:
    rows = db.execute(
        KNOWN,
        {
            "patient_id": response.patient_id,
            "unit_id": response.unit_id,
            "respondent_id": response.respondent_id,
            "today": local(at).date(),
            "items": [flag.item for flag in flags],
        },
    ).all()
    return known_among(questionnaire, flags, [KnownFlag(*row) for row in rows])


def _not_standing(q: Questionnaire, flags: Sequence[RaisedFlag], replaced: Replaced) -> list[RaisedFlag]:
    stood = known_among(q, flags, [KnownFlag(*flag, known_until=date.max) for flag in replaced.flags])
    return [flag for flag in flags if flag.item not in stood]


def _say_in_open_tasks(
    db: Session, response: QuestionnaireResponse, replaced: Replaced, corrected: Sequence[str]
) -> None:
    """The tasks of earlier versions stay open for a person to close; they say what the patient has corrected."""
    versions = sa.select(QuestionnaireResponse.id).where(
        QuestionnaireResponse.patient_id == response.patient_id,
        QuestionnaireResponse.questionnaire_id == response.questionnaire_id,
        QuestionnaireResponse.respondent_id.is_not_distinct_from(response.respondent_id),
        QuestionnaireResponse.ordered_at() == replaced.about_at,
        QuestionnaireResponse.number < response.number,
    )
    for task in db.scalars(
        sa.select(Task)
        .where(Task.response_id.in_(versions), Task.status.in_(OPEN))
        .with_for_update(of=Task)
        .execution_options(populate_existing=True)
    ):
        task.summary = f"{fitting(corrected)}. {task.summary}"[:SUMMARY_LENGTH]
    db.flush()
