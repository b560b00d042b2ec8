"""A form sent: everything in one transaction, and once."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, NamedTuple, cast
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from careplan.actions import audit, notices, tasks
from careplan.actions.responses.drafting import (
    RULE_FAULTS,
    AlreadySent,
    DraftChanged,
    check_open,
    locked,
    saved_answers,
)
from careplan.actions.responses.following import ask_again
from careplan.db import Base, UTCDateTime, insert
from careplan.domain.answers import UNANSWERED, Answer, Answers, AnswerState, restored
from careplan.domain.correcting import Replaced, Stood
from careplan.domain.errors import CareplanError
from careplan.domain.identity import Actor, Capacity
from careplan.domain.questionnaire import LONGEST_TEXT, Questionnaire, hidden_answers, settled, visible_questions
from careplan.domain.scoring import compute, profiles
from careplan.domain.tasks import Urgency
from careplan.domain.team import Contact
from careplan.domain.triage import RaisedFlag, any_red, evaluate, furthest_back
from careplan.i18n import TIME_ZONE
from careplan.models import Draft, Flag, QuestionnaireRequest, QuestionnaireResponse

MOST_WISHES = 2
ROOM_IN_LOG = 64
OTHER_WISH, NO_WISH = "other", "none"

# Crockford's base 32: nothing that is misread or misheard.
RECEIPT_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

# Built once: of the cost of a short statement most is its making.
RESPONSE = Base.metadata.tables["questionnaire_response"]
ANSWER = Base.metadata.tables["response_answer"]
REQUEST = Base.metadata.tables["questionnaire_request"]
INSERT_ANSWERS = sa.insert(ANSWER)
INSERT_SCORES = sa.insert(Base.metadata.tables["score"])
INSERT_FLAGS = sa.insert(Base.metadata.tables["flag"])
COMPLETE = sa.update(REQUEST).where(REQUEST.c.id == sa.bindparam("request_id")).values(status="completed")


def _last(*earlier: sa.ColumnElement[bool]) -> sa.Select[tuple[UUID, str, AnswerState, Any]]:
    """The answers of the last `back` responses, the newest response first."""
    newest = (
        sa.select(QuestionnaireResponse.id, QuestionnaireResponse.ordered_at().label("at"))
        .where(
            QuestionnaireResponse.patient_id == sa.bindparam("patient_id"),
            QuestionnaireResponse.unit_id == sa.bindparam("unit_id"),
            QuestionnaireResponse.questionnaire_id == sa.bindparam("questionnaire_id"),
            RESPONSE.c.respondent_id.is_not_distinct_from(sa.bindparam("respondent_id", type_=sa.Uuid())),
            QuestionnaireResponse.is_newest(),
            *earlier,
        )
        .order_by(QuestionnaireResponse.ordered_at().desc())
        .limit(sa.bindparam("back", type_=sa.Integer()))
        .subquery()
    )
    return (
        sa.select(ANSWER.c.response_id, ANSWER.c.link_id, ANSWER.c.state, ANSWER.c.value)
        .join(newest, newest.c.id == ANSWER.c.response_id)
        .order_by(newest.c.at.desc())
    )


LAST = _last()
BEFORE_THAT = _last(QuestionnaireResponse.ordered_at() < sa.bindparam("about_at", type_=UTCDateTime()))
PATIENT = Base.metadata.tables["patient"]
ADDRESSEE = sa.select(PATIENT.c.person_id, PATIENT.c.notify_by).where(PATIENT.c.id == sa.bindparam("patient_id"))

SendingFault = Literal["too-many", "exclusive", "unknown-wish", "unknown-urgency", "too-long"]


class NothingCorrected(CareplanError):
    """A correction that says the same as what was sent."""


class InvalidSending(CareplanError):
    """What was said on the review page cannot be so."""

    def __init__(self, field: Literal["wishes", "urgency", "comment"], reason: SendingFault) -> None:
        super().__init__(field, reason)
        self.field = field
        self.reason: SendingFault = reason


@dataclass(frozen=True, slots=True)
class Sending:
    """What the review page asks: the wishes (link ids, "other" or "none"), how urgent, contact, own words."""

    wishes: tuple[str, ...] = ()
    urgency: str | None = None
    wants_contact: bool = False
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """What staff know of answers that they keyed in, from paper or while talking."""

    is_by_relative: bool = False
    arrived_on: date | None = None
    illegible: tuple[str, ...] = ()
    since: datetime | None = None  # when they were first keyed in: a form may close before the second person has read


ON_SCREEN = Source()


@dataclass(frozen=True, slots=True)
class Submitted:
    response: QuestionnaireResponse
    is_new: bool


class _Judged(NamedTuple):
    scores: Mapping[str, float | None]
    profiles: Mapping[str, str]
    flags: Sequence[RaisedFlag]
    triage: Literal["done", "failed"]


def submit(
    db: Session,
    questionnaire: Questionnaire,
    draft: Draft,
    sending: Sending,
    *,
    contact: Contact,
    version: int,
    mode: str = "web",
    device: str = "",
    source: Source = ON_SCREEN,
    follow_up: Questionnaire | None = None,
    by: Actor,
    at: datetime,
) -> Submitted:
    """Send a draft: response, answers, scores, flags, task, notice and log row, all or none.

    The draft's id is the key: the same content again gives the same response. `follow_up`: the form that is asked some
    days after a severe answer.
    """
    standing = locked(db, draft.id)
    saved, is_by_other, confirmed = saved_answers(db, draft.id, by)
    answers = settled(questionnaire, saved)
    fingerprint = fingerprint_of(version, answers, sending)
    if standing.status == "completed":
        return Submitted(_sent_before(db, draft.id, fingerprint), is_new=False)
    check_open(db, draft.id, standing.status, standing.opens_at, standing.closes_at, at=source.since or at)
    if standing.version != version:
        raise DraftChanged
    check_sending(questionnaire, saved, sending, is_on_paper=source is not ON_SCREEN)
    asked = draft.request
    replaced = _replaced(db, asked, sending, answers)
    earlier = _earlier_answers(db, asked, replaced, furthest_back(questionnaire.rules))
    judged = _judge(questionnaire, answers, earlier)
    response = QuestionnaireResponse(
        id=uuid4(),
        draft_id=draft.id,
        request_id=asked.id,
        patient_id=asked.patient_id,
        respondent_id=asked.respondent_id,
        unit_id=asked.unit_id,
        questionnaire_id=asked.questionnaire_id,
        content_hash=questionnaire.hash,
        lang=draft.lang,
        mode=mode,
        device=device,
        source_id=by.person_id,
        is_by_relative=asked.respondent_id is None
        and (source.is_by_relative or draft.is_helped or _is_by_relative(by, is_by_other=is_by_other)),
        submitted_at=at,
        zone=str(TIME_ZONE),
        wishes=list(sending.wishes),
        urgency=sending.urgency,
        wants_contact=sending.wants_contact,
        comment=sending.comment,
        receipt=receipt_of(draft.id),
        fingerprint=fingerprint,
        triage=judged.triage,
        arrived_on=source.arrived_on,
        illegible=[each for each in source.illegible if answers.get(each, UNANSWERED).state is AnswerState.UNANSWERED],
        number=replaced.number + 1 if replaced else 1,
        replaces_id=replaced.response_id if replaced else None,
        first_sent_at=replaced.about_at if replaced else None,
    )
    insert(db, response)
    _insert_rows(db, response, questionnaire, answers, confirmed, judged, at=at)
    db.execute(COMPLETE, {"request_id": asked.id})
    set_committed_value(asked, "status", "completed")
    tasks.raise_for(
        db,
        response,
        questionnaire=questionnaire,
        flags=judged.flags,
        previous=earlier[0] if earlier else None,
        replaced=replaced,
        answers=answers,
        contact=contact,
        at=at,
    )
    if follow_up is not None and questionnaire.follow_up is not None:
        was_severe = replaced is not None and any_red(replaced.flags)
        again, is_severe = questionnaire.follow_up, any_red(judged.flags)
        ask_again(db, follow_up, again, asked, response.id, is_severe=is_severe, was_severe=was_severe, at=at)
    if asked.respondent_id is None:
        addressee = cast(notices.Addressee, db.execute(ADDRESSEE, {"patient_id": asked.patient_id}).one())
        notices.enqueue(db, patient=addressee, template="new-answer", at=at)
    audit.record(
        db,
        "submit-response",
        by=by,
        at=at,
        patient_id=asked.patient_id,
        object_type="response",
        object_id=response.id,
    )
    hidden = hidden_answers(questionnaire, saved)
    if hidden:
        audit.record(
            db,
            "drop-hidden-answers",
            by=by,
            at=at,
            patient_id=asked.patient_id,
            object_type="hidden-answers",
            object_id=_counted(hidden),
        )
    return Submitted(response, is_new=True)


def _counted(link_ids: Sequence[str]) -> str:
    """How many, and which as far as the log has room; the draft keeps them all."""
    text = f"{len(link_ids)}: {' '.join(link_ids)}"
    return text if len(text) <= ROOM_IN_LOG else f"{text[: ROOM_IN_LOG - 1]}…"


def check_sending(
    questionnaire: Questionnaire, answers: Answers, sending: Sending, *, is_on_paper: bool = False
) -> None:
    """Raises InvalidSending. Only what was asked may be wished for; on paper all is asked."""
    asked = questionnaire.questions if is_on_paper else visible_questions(questionnaire, answers)
    offered = {item.link_id for item in asked if item.wish}
    if not set(sending.wishes) <= offered | {OTHER_WISH, NO_WISH}:
        raise InvalidSending("wishes", "unknown-wish")
    if NO_WISH in sending.wishes and len(sending.wishes) > 1:
        raise InvalidSending("wishes", "exclusive")
    if len(set(sending.wishes)) > MOST_WISHES:
        raise InvalidSending("wishes", "too-many")
    if sending.urgency is not None and sending.urgency not in set(Urgency):
        raise InvalidSending("urgency", "unknown-urgency")
    if len(sending.comment) > LONGEST_TEXT:
        raise InvalidSending("comment", "too-long")


def _replaced(db: Session, asked: QuestionnaireRequest, sending: Sending, answers: Answers) -> Replaced | None:
    """What a correction replaces; None for answers sent for the first time."""
    if asked.corrects_id is None:
        return None
    old = db.scalars(
        sa.select(QuestionnaireResponse).where(QuestionnaireResponse.request_id == asked.corrects_id)
    ).one()
    before = {row.link_id: restored(row.state, row.value) for row in old.answers}
    wished = Sending(tuple(old.wishes), old.urgency, old.wants_contact, old.comment)
    if before == answers and wished == sending:
        raise NothingCorrected
    flags = db.execute(sa.select(Flag.item, Flag.value, Flag.level).where(Flag.response_id == old.id)).all()
    return Replaced(old.id, old.number, old.about_at, before, [Stood(*row) for row in flags])


def _earlier_answers(
    db: Session, asked: QuestionnaireRequest, replaced: Replaced | None, back: int
) -> Sequence[Answers]:
    """The answers of the same form sent before this one at the same unit: `back` responses at most, newest first."""
    wanted: dict[str, object] = {
        "patient_id": asked.patient_id,
        "unit_id": asked.unit_id,
        "questionnaire_id": asked.questionnaire_id,
        "respondent_id": asked.respondent_id,
        "back": back,
    }
    if replaced is None:
        rows = db.execute(LAST, wanted)
    else:
        rows = db.execute(BEFORE_THAT, wanted | {"about_at": replaced.about_at})
    found: dict[UUID, dict[str, Answer]] = {}
    for response_id, link_id, state, value in rows:
        found.setdefault(response_id, {})[link_id] = restored(state, value)
    return list(found.values())


def _judge(questionnaire: Questionnaire, answers: Answers, earlier: Sequence[Answers]) -> _Judged:
    """Scores and flags. Answers are never lost to a rule that fails: a person judges them instead."""
    previous, before = (earlier[0], earlier[1:]) if earlier else (None, ())
    try:
        scores = compute(questionnaire, answers)
        flags = evaluate(questionnaire, answers, scores, previous, before)
        return _Judged(scores, profiles(questionnaire, answers), flags, "done")
    except RULE_FAULTS:
        return _Judged({scale.id: None for scale in questionnaire.scores}, {}, (), "failed")


def _insert_rows(
    db: Session,
    response: QuestionnaireResponse,
    questionnaire: Questionnaire,
    answers: Answers,
    confirmed: Mapping[str, UUID],
    judged: _Judged,
    *,
    at: datetime,
) -> None:
    """One statement a table, whatever the number of items."""
    answer_rows = [
        {
            "response_id": response.id,
            "link_id": link_id,
            "position": position,
            "state": answer.state,
            "value": answer.stored,
            "number": answer.number,
            "confirmed_from_id": confirmed.get(link_id) if answer.is_answered else None,
        }
        for position, (link_id, answer) in enumerate(answers.items())
    ]
    score_rows = [
        {
            "response_id": response.id,
            "score_id": score_id,
            "value": value,
            "text": judged.profiles.get(score_id),
            "content_hash": questionnaire.scoring_hash,
        }
        for score_id, value in (dict.fromkeys(judged.profiles) | dict(judged.scores)).items()
    ]
    flag_rows = [
        {
            "id": uuid4(),
            "response_id": response.id,
            "rule_id": flag.rule_id,
            "content_hash": questionnaire.hash,
            "rule_version_id": UUID(questionnaire.rules_id) if questionnaire.rules_id else None,
            "level": flag.level,
            "item": flag.item,
            "value": flag.value,
            "raised_at": at,
        }
        for flag in judged.flags
    ]
    for statement, rows in ((INSERT_ANSWERS, answer_rows), (INSERT_SCORES, score_rows), (INSERT_FLAGS, flag_rows)):
        if rows:
            db.execute(statement, rows)


def _sent_before(db: Session, draft_id: UUID, fingerprint: str) -> QuestionnaireResponse:
    response = db.scalars(sa.select(QuestionnaireResponse).where(QuestionnaireResponse.draft_id == draft_id)).one()
    if response.fingerprint != fingerprint:
        raise AlreadySent(response.id)
    return response


def fingerprint_of(version: int, answers: Answers, sending: Sending) -> str:
    content = [
        version,
        [[link_id, answer.state, answer.stored] for link_id, answer in answers.items()],
        [sending.wishes, sending.urgency, sending.wants_contact, sending.comment],
    ]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def receipt_of(draft_id: UUID) -> str:
    """A code to say on the telephone: 7Q4K-2M9XA. From the draft's id, so that a draft has one receipt."""
    number = int.from_bytes(hashlib.sha256(draft_id.bytes).digest()[:8], "big")
    code = "".join(RECEIPT_LETTERS[number >> 5 * place & 31] for place in range(9))
    return f"{code[:4]}-{code[4:]}"


def _is_by_relative(by: Actor, *, is_by_other: bool) -> bool:
    """Marked when a relative sent it, or saved any answer of what the patient sent."""
    return by.capacity is Capacity.RELATIVE or (by.capacity is Capacity.PATIENT and is_by_other)
