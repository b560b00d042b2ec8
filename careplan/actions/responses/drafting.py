"""A form half-filled: begun, and saved one answer at a time."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, NamedTuple
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import audit
from careplan.db import Base
from careplan.domain.answers import UNANSWERED, Answer, Answers, AnswerState, restored
from careplan.domain.errors import CareplanError
from careplan.domain.identity import Actor
from careplan.domain.questionnaire import Group, Questionnaire, check_shown, instance_key, together
from careplan.domain.triage import RaisedFlag, call_now
from careplan.models import CallNotice, Draft, DraftAnswer, QuestionnaireRequest, QuestionnaireResponse
from careplan.models.tasks import OPEN

# Tables and statements built once: of the cost of a short statement most is its making.
DRAFT = Base.metadata.tables["draft"]
DRAFT_ANSWER = Base.metadata.tables["draft_answer"]
REQUEST = Base.metadata.tables["questionnaire_request"]
LOCK = (
    sa.select(DRAFT.c.version, REQUEST.c.status, REQUEST.c.opens_at, REQUEST.c.closes_at)
    .join_from(DRAFT, REQUEST, REQUEST.c.id == DRAFT.c.request_id)
    .where(DRAFT.c.id == sa.bindparam("draft_id"))
    .with_for_update()
)
SAVED = sa.select(
    DRAFT_ANSWER.c.link_id,
    DRAFT_ANSWER.c.state,
    DRAFT_ANSWER.c.value,
    (DRAFT_ANSWER.c.answered_by_id != sa.bindparam("person_id")).label("is_by_other"),
    DRAFT_ANSWER.c.confirmed_from_id,
).where(DRAFT_ANSWER.c.draft_id == sa.bindparam("draft_id"))

# What content that passed its checks may still do wrong on answers that nobody thought of.
RULE_FAULTS = (CareplanError, ArithmeticError, LookupError, TypeError, ValueError)

ClosedReason = Literal["expired", "cancelled", "not-open", "not-licensed"]


class RequestClosed(CareplanError):
    """The form cannot be answered: too late, taken back, or not yet."""

    def __init__(self, reason: ClosedReason) -> None:
        super().__init__(reason)
        self.reason: ClosedReason = reason


class AlreadySent(CareplanError):
    """The draft was sent, and what came now is not what was sent."""

    def __init__(self, response_id: UUID) -> None:
        super().__init__(response_id)
        self.response_id = response_id


class AnswerChanged(CareplanError):
    """The question was answered elsewhere after its page was shown; `saved` is what stands, and nothing was saved."""

    def __init__(self, link_id: str, saved: Answer) -> None:
        super().__init__(link_id)
        self.saved = saved


class DraftChanged(CareplanError):
    """An answer was changed after the page was shown."""


class Saved(NamedTuple):
    """What came of answers sent together: the severe ones, and those not saved, with what was saved elsewhere."""

    severe: Mapping[str, RaisedFlag]
    changed: Answers


class Drafted(NamedTuple):
    """What is saved in a draft; `confirmed`: the response whose answer was given again, by link id."""

    answers: dict[str, Answer]
    is_by_other: bool
    confirmed: Mapping[str, UUID]


class Standing(NamedTuple):
    """Draft and request as they stand, locked until the end of the transaction."""

    version: int
    status: str
    opens_at: datetime
    closes_at: datetime


def start(
    db: Session, request: QuestionnaireRequest, *, lang: str, is_helped: bool = False, by: Actor, at: datetime
) -> Draft:
    """Begin to answer, alone or with a relative's help; begun again, it is the same draft."""
    db.refresh(request, with_for_update=True)
    found = db.scalar(sa.select(Draft).where(Draft.request_id == request.id))
    check_open(db, found.id if found else None, request.status, request.opens_at, request.closes_at, at=at)
    if found is not None:
        return found
    draft = Draft(
        id=uuid4(), request_id=request.id, lang=lang, version=1, started_at=at, updated_at=at, is_helped=is_helped
    )
    draft.request = request
    db.add(draft)
    request.status = "in-progress"
    db.flush()
    _record(db, "start-draft", draft, by=by, at=at)
    return draft


def save_answer(
    db: Session,
    questionnaire: Questionnaire,
    draft: Draft,
    link_id: str,
    answer: Answer,
    *,
    seen: str | None = None,
    by: Actor,
    at: datetime,
) -> RaisedFlag | None:
    """Save one answer at once; an empty one takes the earlier away. The flag returned asks for the call-now page.

    `seen` is the mark of the answer that the page showed: another one that came since is not written over unseen.
    """
    standing, answers = _open(db, draft, by=by, at=at)
    check_shown(questionnaire, answers, link_id)
    marks = {} if seen is None else {link_id: seen}
    saved = _save(db, questionnaire, draft, standing, answers, {link_id: answer}, marks, by=by, at=at)
    if link_id in saved.changed:
        raise AnswerChanged(link_id, saved.changed[link_id])
    return saved.severe.get(link_id)


def save_answers(
    db: Session,
    questionnaire: Questionnaire,
    draft: Draft,
    given: Answers,
    *,
    seen: Mapping[str, str],
    by: Actor,
    at: datetime,
) -> Saved:
    """Save what was answered on one page, all at once; what was answered otherwise elsewhere since is left as it is.

    An answer that another one of the page hides is saved, too: hidden answers stay in a draft.
    """
    standing, answers = _open(db, draft, by=by, at=at)
    for link_id in given:
        together(questionnaire, answers, link_id)
    return _save(db, questionnaire, draft, standing, answers, given, seen, by=by, at=at)


def remove_instance(
    db: Session,
    questionnaire: Questionnaire,
    draft: Draft,
    group: Group,
    instance: int,
    *,
    version: int,
    by: Actor,
    at: datetime,
) -> None:
    """Take one instance of a repeated group away; those after it move up. `version`: of the draft, as it was shown."""
    standing, answers = _open(db, draft, by=by, at=at)
    if standing.version != version:
        raise DraftChanged
    members = questionnaire.members(group.id)
    gone = {instance_key(item.link_id, instance) for item in members}
    of_draft = DRAFT_ANSWER.c.draft_id == draft.id
    db.execute(sa.delete(DRAFT_ANSWER).where(of_draft, DRAFT_ANSWER.c.link_id.in_(gone)))
    for number in range(instance + 1, group.at_most + 1):
        for item in members:
            old, new = (instance_key(item.link_id, each) for each in (number, number - 1))
            if old in answers:
                db.execute(sa.update(DRAFT_ANSWER).where(of_draft, DRAFT_ANSWER.c.link_id == old).values(link_id=new))
    draft.version, draft.updated_at = standing.version + 1, at
    db.flush()
    _record(db, "remove-answers", draft, by=by, at=at)


def _open(db: Session, draft: Draft, *, by: Actor, at: datetime) -> tuple[Standing, dict[str, Answer]]:
    """The draft locked, if it can still be answered, and what is saved in it."""
    standing = locked(db, draft.id)
    check_open(db, draft.id, standing.status, standing.opens_at, standing.closes_at, at=at)
    return standing, saved_answers(db, draft.id, by).answers


def _save(
    db: Session,
    questionnaire: Questionnaire,
    draft: Draft,
    standing: Standing,
    answers: dict[str, Answer],
    given: Answers,
    seen: Mapping[str, str],
    *,
    by: Actor,
    at: datetime,
) -> Saved:
    changed = {
        link_id: before
        for link_id, answer in given.items()
        if (before := answers.get(link_id, UNANSWERED)) != answer and seen.get(link_id, before.mark) != before.mark
    }
    kept = {link_id: answer for link_id, answer in given.items() if link_id not in changed}
    new = {link_id: answer for link_id, answer in kept.items() if answers.get(link_id, UNANSWERED) != answer}
    for link_id, answer in new.items():
        _store(db, draft.id, link_id, answer, is_new=link_id not in answers, by=by, at=at)
    if new:
        draft.version, draft.updated_at = standing.version + 1, at
        db.flush()
    now = {
        link_id: answer for link_id, answer in (answers | kept).items() if answer.state is not AnswerState.UNANSWERED
    }
    severe: dict[str, RaisedFlag] = {}
    for link_id in kept:
        flag = _severe(questionnaire, now, link_id)
        if flag is not None and flag not in severe.values():
            severe[link_id] = flag
            _store_notice(db, draft.id, link_id, flag, at=at)
    if kept:
        _record(db, "save-answer", draft, by=by, at=at)
    return Saved(severe, changed)


def confirm(db: Session, draft: Draft, link_id: str, response_id: UUID) -> None:
    """The answer just saved was not chosen but given again: it is that of this response."""
    db.execute(
        sa.update(DRAFT_ANSWER)
        .where(DRAFT_ANSWER.c.draft_id == draft.id, DRAFT_ANSWER.c.link_id == link_id)
        .values(confirmed_from_id=response_id)
    )


def acknowledge(db: Session, draft: Draft, link_id: str, *, at: datetime) -> None:
    """The reader of the call-now page says that it was read."""
    db.execute(
        sa.update(CallNotice)
        .where(CallNotice.draft_id == draft.id, CallNotice.link_id == link_id, CallNotice.acknowledged_at.is_(None))
        .values(acknowledged_at=at)
    )


def locked(db: Session, draft_id: UUID) -> Standing:
    """Holds others who save or send the same draft until this transaction ends, and sees what they did before."""
    row = db.execute(LOCK, {"draft_id": draft_id}).one()
    return Standing(*row)


def check_open(
    db: Session, draft_id: UUID | None, status: str, opens_at: datetime, closes_at: datetime, *, at: datetime
) -> None:
    if status == "completed":
        raise AlreadySent(
            db.scalars(sa.select(QuestionnaireResponse.id).where(QuestionnaireResponse.draft_id == draft_id)).one()
        )
    if status not in OPEN and status != "failed":
        raise RequestClosed("cancelled")
    if status == "failed" or at >= closes_at:
        raise RequestClosed("expired")
    if at < opens_at:
        raise RequestClosed("not-open")


def saved_answers(db: Session, draft_id: UUID, by: Actor) -> Drafted:
    """The answers of a draft, and whether somebody else than this actor saved any of them."""
    rows = db.execute(SAVED, {"draft_id": draft_id, "person_id": by.person_id}).all()
    return Drafted(
        answers={row[0]: restored(row[1], row[2]) for row in rows},
        is_by_other=any(row[3] for row in rows),
        confirmed={row[0]: row[4] for row in rows if row[4] is not None},
    )


def _severe(questionnaire: Questionnaire, answers: Answers, link_id: str) -> RaisedFlag | None:
    """A rule that fails loses no answer; when the form is sent, it goes to a person as one that could not be judged."""
    try:
        return call_now(questionnaire, answers, link_id)
    except RULE_FAULTS:
        return None


def _store(db: Session, draft_id: UUID, link_id: str, answer: Answer, *, is_new: bool, by: Actor, at: datetime) -> None:
    row = sa.and_(DraftAnswer.draft_id == draft_id, DraftAnswer.link_id == link_id)
    values = {
        "state": answer.state,
        "value": answer.stored,
        "answered_by_id": by.person_id,
        "answered_at": at,
        "confirmed_from_id": None,
    }
    if answer.state is AnswerState.UNANSWERED:
        db.execute(sa.delete(DRAFT_ANSWER).where(row))
    elif is_new:
        db.execute(sa.insert(DRAFT_ANSWER).values(draft_id=draft_id, link_id=link_id, **values))
    else:
        db.execute(sa.update(DRAFT_ANSWER).where(row).values(values))


def _store_notice(db: Session, draft_id: UUID, link_id: str, flag: RaisedFlag, *, at: datetime) -> None:
    """One row for each time that a severe answer is shown the page; a page not yet acknowledged is not a new one."""
    unread = db.scalar(
        sa.select(CallNotice).where(
            CallNotice.draft_id == draft_id,
            CallNotice.link_id == link_id,
            CallNotice.rule_id == flag.rule_id,
            CallNotice.acknowledged_at.is_(None),
        )
    )
    if unread is None or unread.value != flag.value:
        value = list(flag.value) if isinstance(flag.value, tuple) else flag.value
        db.add(CallNotice(draft_id=draft_id, link_id=link_id, rule_id=flag.rule_id, value=value, shown_at=at))
        db.flush()


def _record(db: Session, action: str, draft: Draft, *, by: Actor, at: datetime) -> None:
    patient_id = draft.request.patient_id
    audit.record(db, action, by=by, at=at, patient_id=patient_id, object_type="draft", object_id=draft.id)
