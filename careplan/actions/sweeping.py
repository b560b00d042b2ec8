"""Rows that were lost or damaged: found within minutes, mended where that is safe, and told of."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import chain
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from careplan.actions import alarms, audit, routing, tasks
from careplan.actions.responses.drafting import RULE_FAULTS
from careplan.actions.responses.sending import INSERT_SCORES
from careplan.domain.answers import restored
from careplan.domain.identity import Actor
from careplan.domain.questionnaire import Questionnaire
from careplan.domain.scoring import compute, profiles
from careplan.domain.tasks import TaskKind, Urgency, due_at, urgency_rank
from careplan.domain.triage import Level
from careplan.library import questionnaire_by_hash
from careplan.models import (
    ContentVersion,
    Flag,
    OutboxMessage,
    QuestionnaireResponse,
    ResponseAnswer,
    Score,
    Task,
    Unit,
)
from careplan.models.tasks import ADRIFT

# How far back responses are looked through each time. Older ones are at night, so much of them at once.
LOOKED_BACK = timedelta(days=7)
STRETCH = timedelta(days=30)
# Something may still be in the same transaction elsewhere, or just about to be sent.
STUCK_AFTER = timedelta(minutes=15)
# No pause between two attempts is longer than this, see notify.outbox.
LONGEST_PAUSE = timedelta(hours=6)
# A due time that no unit's clock gives.
LATEST_DUE = timedelta(days=60)
LOST = "Uppgiften hade försvunnit. Läs alla svar."

log = structlog.get_logger(__name__)


def sweep(db: Session, *, by: Actor, at: datetime) -> Counter[str]:
    """Look through what is open and what came lately, mend it, and sound an alarm to the providers; what was found."""
    lately = QuestionnaireResponse.submitted_at > at - LOOKED_BACK
    found = Counter(chain(_responses(db, lately, by, at), _adrift(db, by, at), _off_the_list(db, by, at)))
    kinds = _sound(db, found, at=at) + _stuck_notices(db, at=at)
    _say(kinds)
    return kinds


def sweep_stretch(db: Session, until: datetime, *, by: Actor, at: datetime) -> tuple[Counter[str], datetime | None]:
    """As `sweep`, for the responses of some weeks until then; what was found, and where to go on, if any are older."""
    first = until - STRETCH
    submitted_at = QuestionnaireResponse.submitted_at
    kinds = _sound(db, Counter(_responses(db, sa.and_(submitted_at > first, submitted_at <= until), by, at)), at=at)
    _say(kinds)
    return kinds, db.scalar(sa.select(sa.func.max(submitted_at)).where(submitted_at <= first))


def _responses(db: Session, which: sa.ColumnElement[bool], by: Actor, at: datetime) -> Iterator[tuple[str, UUID]]:
    yield from _unscored(db, which, by, at)
    yield from _without_task(db, which, by, at)


def _unscored(db: Session, which: sa.ColumnElement[bool], by: Actor, at: datetime) -> Iterator[tuple[str, UUID]]:
    """Responses with fewer scores than their form has: computed anew from the stored answers."""
    of_form = sa.select(QuestionnaireResponse.content_hash).where(which).distinct()
    for content_hash in db.scalars(of_form).all():
        form = _form(db, content_hash)
        expected = len(form.scores)
        if not expected:
            continue
        scored = (
            sa.select(sa.func.count())
            .select_from(Score)
            .where(Score.response_id == QuestionnaireResponse.id)
            .correlate(QuestionnaireResponse)
            .scalar_subquery()
        )
        for response in db.scalars(
            sa.select(QuestionnaireResponse).where(
                which, QuestionnaireResponse.content_hash == content_hash, scored < expected
            )
        ).all():
            _score(db, response, form)
            _note(db, response.patient_id, "response", response.id, by=by, at=at)
            yield "no-score", response.unit_id


def _score(db: Session, response: QuestionnaireResponse, form: Questionnaire) -> None:
    rows = db.execute(
        sa.select(ResponseAnswer.link_id, ResponseAnswer.state, ResponseAnswer.value).where(
            ResponseAnswer.response_id == response.id
        )
    )
    answers = {link_id: restored(state, value) for link_id, state, value in rows}
    try:
        numbers, words = compute(form, answers), profiles(form, answers)
    except RULE_FAULTS:
        numbers, words = {scale.id: None for scale in form.scores}, {}
    there = set(db.scalars(sa.select(Score.score_id).where(Score.response_id == response.id)))
    missing = [
        {
            "response_id": response.id,
            "score_id": score_id,
            "value": value,
            "text": words.get(score_id),
            "content_hash": form.scoring_hash,
        }
        for score_id, value in (dict.fromkeys(words) | dict(numbers)).items()
        if score_id not in there
    ]
    if missing:
        db.execute(INSERT_SCORES, missing)


def _without_task(db: Session, which: sa.ColumnElement[bool], by: Actor, at: datetime) -> Iterator[tuple[str, UUID]]:
    """Every response has one task. Where it is gone, one by its flags; where nothing is known, as if it were red."""
    lost = sa.select(QuestionnaireResponse).where(
        which,
        ~sa.exists().where(Task.response_id == QuestionnaireResponse.id),
    )
    for response in db.scalars(lost).all():
        levels = set(db.scalars(sa.select(Flag.level).where(Flag.response_id == response.id)))
        is_read_only = not levels and response.triage == "done"
        kind = TaskKind.RESPONSE if is_read_only else TaskKind.FLAG
        level = None if is_read_only else Level.YELLOW if levels == {Level.YELLOW} else Level.RED
        unit = db.get_one(Unit, response.unit_id)
        task = tasks.add(
            db,
            kind=kind,
            level=level,
            urgency=response.urgency,
            patient_id=response.patient_id,
            unit_id=response.unit_id,
            summary=LOST,
            response_id=response.id,
            request_id=response.request_id,
            owner_id=routing.nurse_of(db, response.patient_id, response.unit_id, at=at),
            cover_id=None,
            starts_at=response.submitted_at,
            due_at=due_at(kind, level, response.submitted_at, unit.opening_hours, unit.times),
            at=at,
        )
        _note(db, task.patient_id, "task", task.id, by=by, at=at)
        yield "flag-without-task" if levels else "response-without-task", response.unit_id


def _adrift(db: Session, by: Actor, at: datetime) -> Iterator[tuple[str, UUID]]:
    """Neither open nor closed by a person with a code: open again."""
    for task in _each(db, sa.text(ADRIFT)):
        is_closed = task.status == "completed"
        task.status = "in-progress" if task.read_at else "requested"
        task.outcome, task.completed_by_id, task.completed_at = None, None, None
        _note(db, task.patient_id, "task", task.id, by=by, at=at)
        yield "closed-by-nobody" if is_closed else "unknown-status", task.unit_id


def _off_the_list(db: Session, by: Actor, at: datetime) -> Iterator[tuple[str, UUID]]:
    """Open, and yet not where it should stand: hidden until later, due too late, without a level, at a wrong rank."""
    is_open = Task.is_open()
    for task in _each(db, is_open, Task.kind == TaskKind.FLAG, Task.level.is_(None)):
        task.level = Level.RED  # nobody knows how grave it was
        yield _mended(db, task, "no-level", by=by, at=at)
    # Only a review is meant to be seen later than it was made.
    hidden = sa.and_(Task.starts_at > Task.created_at, Task.starts_at > at, Task.response_id.is_not(None))
    for task in _each(db, is_open, hidden):
        task.starts_at = task.created_at
        yield _mended(db, task, "hidden", by=by, at=at)
    for task in _each(db, is_open, Task.due_at < Task.starts_at):
        yield _mended(db, task, "due-before-start", by=by, at=at)
    for task in _each(db, is_open, Task.due_at > at + LATEST_DUE, Task.starts_at <= at):
        yield _mended(db, task, "due-never", by=by, at=at)
    for task in _each(db, is_open, sa.or_(*_wrong_ranks())):
        yield _mended(db, task, "wrong-rank", by=by, at=at)


_LEVELS: dict[TaskKind, tuple[Level | None, ...]] = {
    TaskKind.FLAG: tuple(Level),
    TaskKind.HANDOVER: (None, Level.RED),
}


def _wrong_ranks() -> Iterator[sa.ColumnElement[bool]]:
    for kind in TaskKind:
        for level in _LEVELS.get(kind, (None,)):
            ranks = [urgency_rank(kind, level, wish) for wish in (*Urgency, None)]
            has_level = Task.level.is_(None) if level is None else Task.level == level
            yield sa.and_(Task.kind == kind, has_level, Task.rank.not_in(ranks))


def _mended(db: Session, task: Task, kind: str, *, by: Actor, at: datetime) -> tuple[str, UUID]:
    """Due time and place as they would be, had it come as it stands now."""
    unit = db.get_one(Unit, task.list_unit_id)
    urgency = task.response.urgency if task.response else None
    task.rank = urgency_rank(task.kind, task.level, urgency)
    if kind not in ("wrong-rank",):
        task.due_at = due_at(task.kind, task.level, task.starts_at, unit.opening_hours, unit.times)
    db.flush()
    _note(db, task.patient_id, "task", task.id, by=by, at=at)
    return kind, task.unit_id


def _stuck_notices(db: Session, *, at: datetime) -> Counter[str]:
    """Neither sent nor about to be: put back where a status or time is none that the outbox writes; told of else."""
    found: Counter[str] = Counter()
    odd = sa.or_(
        OutboxMessage.status.not_in(("pending", "sent", "failed")),
        sa.and_(OutboxMessage.status == "pending", OutboxMessage.next_attempt_at > at + 2 * LONGEST_PAUSE),
    )
    for message in db.scalars(sa.select(OutboxMessage).where(odd)).all():
        message.status, message.next_attempt_at = "pending", at
        found["notice-adrift"] += 1
    waiting = db.scalar(
        sa.select(sa.func.count())
        .select_from(OutboxMessage)
        .where(
            sa.or_(
                sa.and_(OutboxMessage.status == "pending", OutboxMessage.next_attempt_at < at - STUCK_AFTER),
                sa.and_(OutboxMessage.status == "failed", OutboxMessage.settled_at > at - timedelta(days=1)),
            )
        )
    )
    providers = db.scalars(sa.select(Unit.provider_id).distinct()).all() if waiting else ()
    for provider_id in providers:
        alarms.sound(db, alarms.STUCK, provider_id=provider_id, unit_id=None, count=waiting or 0, at=at)
    if waiting:
        found["stuck-notice"] += waiting
    else:
        alarms.end_others(db, alarms.STUCK, still=(), at=at)
    db.flush()
    return found


def _say(kinds: Counter[str]) -> None:
    for kind, count in kinds.items():
        log.error("damage_found", kind=kind, count=count)


def _sound(db: Session, found: Counter[tuple[str, UUID]], *, at: datetime) -> Counter[str]:
    """One alarm a unit; it stands for a day after the last thing found, so that somebody sees it. By kind, how many."""
    kinds: Counter[str] = Counter()
    of_units: Counter[UUID] = Counter()
    for (kind, unit_id), count in found.items():
        kinds[kind] += count
        of_units[unit_id] += count
    for unit_id, count in of_units.items():
        provider_id = db.scalars(sa.select(Unit.provider_id).where(Unit.id == unit_id)).one()
        alarms.sound(db, alarms.DAMAGE, provider_id=provider_id, unit_id=unit_id, count=count, at=at)
    alarms.end_old(db, alarms.DAMAGE, before=at - timedelta(days=1), at=at)
    return kinds


def _each(db: Session, *where: sa.ColumnElement[bool] | sa.TextClause) -> Sequence[Task]:
    return db.scalars(
        sa.select(Task).where(*where).with_for_update(of=Task).execution_options(populate_existing=True)
    ).all()


def _note(db: Session, patient_id: UUID, what: str, object_id: UUID, *, by: Actor, at: datetime) -> None:
    audit.record(db, "mend-task", by=by, at=at, patient_id=patient_id, object_type=what, object_id=object_id)


def _form(db: Session, content_hash: str) -> Questionnaire:
    return questionnaire_by_hash(
        content_hash,
        lambda wanted: db.scalars(sa.select(ContentVersion.text).where(ContentVersion.hash == wanted)).one(),
    )
