"""A form sent: everything in one transaction, and once."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import audit, notices, tasks
from careplan.actions.responses.drafting import AlreadySent, check_open, draft_rows, locked
from careplan.db import Base
from careplan.domain.answers import Answers, restored
from careplan.domain.errors import CareplanError
from careplan.domain.identity import Actor, Capacity
from careplan.domain.questionnaire import LONGEST_TEXT, Questionnaire, settled, visible_questions
from careplan.domain.scoring import compute
from careplan.domain.tasks import Urgency
from careplan.domain.team import Contact
from careplan.domain.triage import RaisedFlag, evaluate
from careplan.i18n import TIME_ZONE
from careplan.models import Draft, QuestionnaireRequest, QuestionnaireResponse, ResponseAnswer

MOST_WISHES = 2
OTHER_WISH, NO_WISH = "other", "none"

# What content that passed its checks may still do wrong on answers that nobody thought of.
RULE_FAULTS = (CareplanError, ArithmeticError, LookupError, TypeError, ValueError)
# Crockford's base 32: nothing that is misread or misheard.
RECEIPT_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

SendingFault = Literal["too-many", "exclusive", "unknown-wish", "unknown-urgency", "too-long"]


class DraftChanged(CareplanError):
    """An answer was changed after the review page was shown."""


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
class Submitted:
    response: QuestionnaireResponse
    is_new: bool


class _Judged(NamedTuple):
    scores: Mapping[str, float | None]
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
    by: Actor,
    at: datetime,
) -> Submitted:
    """Send a draft: response, answers, scores, flags, task, notice and log row, all or none.

    The draft's id is the key: the same content again gives the same response.
    """
    standing = locked(db, draft.id)
    rows = draft_rows(db, draft.id)
    saved = {row.link_id: restored(row.state, row.value) for row in rows}
    answers = settled(questionnaire, saved)
    fingerprint = _fingerprint(version, answers, sending)
    if standing.status == "completed":
        return Submitted(_sent_before(db, draft.id, fingerprint), is_new=False)
    check_open(db, draft.id, standing.status, standing.opens_at, standing.closes_at, at=at)
    if standing.version != version:
        raise DraftChanged
    check_sending(questionnaire, saved, sending)
    asked = draft.request
    previous = _previous_answers(db, asked)
    judged = _judge(questionnaire, answers, previous)
    response = QuestionnaireResponse(
        id=uuid4(),
        draft_id=draft.id,
        request_id=asked.id,
        patient_id=asked.patient_id,
        unit_id=asked.unit_id,
        questionnaire_id=asked.questionnaire_id,
        content_hash=questionnaire.hash,
        lang=draft.lang,
        mode=mode,
        device=device,
        source_id=by.person_id,
        is_by_relative=_is_by_relative(by, {row.answered_by_id for row in rows}),
        submitted_at=at,
        zone=str(TIME_ZONE),
        wishes=list(sending.wishes),
        urgency=sending.urgency,
        wants_contact=sending.wants_contact,
        comment=sending.comment,
        receipt=_receipt(draft.id),
        fingerprint=fingerprint,
        triage=judged.triage,
    )
    db.add(response)
    db.flush()
    _insert_rows(db, response, questionnaire, answers, judged, at=at)
    asked.status = "completed"
    db.flush()
    tasks.raise_for(
        db,
        response,
        questionnaire=questionnaire,
        flags=judged.flags,
        previous=previous,
        contact=contact,
        at=at,
    )
    notices.enqueue(db, patient=asked.patient, template="new-answer", at=at)
    audit.record(
        db,
        "submit-response",
        by=by,
        at=at,
        patient_id=asked.patient_id,
        object_type="response",
        object_id=response.id,
    )
    return Submitted(response, is_new=True)


def check_sending(questionnaire: Questionnaire, answers: Answers, sending: Sending) -> None:
    """Raises InvalidSending. Only what was asked may be wished for."""
    offered = {item.link_id for item in visible_questions(questionnaire, answers) if item.wish}
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


def _previous_answers(db: Session, asked: QuestionnaireRequest) -> Answers | None:
    """The answers of the same form sent last before this one, at the same unit."""
    latest = (
        sa.select(QuestionnaireResponse.id)
        .where(
            QuestionnaireResponse.patient_id == asked.patient_id,
            QuestionnaireResponse.questionnaire_id == asked.questionnaire_id,
            QuestionnaireResponse.unit_id == asked.unit_id,
        )
        .order_by(QuestionnaireResponse.submitted_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = db.execute(
        sa.select(ResponseAnswer.link_id, ResponseAnswer.state, ResponseAnswer.value).where(
            ResponseAnswer.response_id == latest
        )
    ).all()
    return {row.link_id: restored(row.state, row.value) for row in rows} or None


def _judge(questionnaire: Questionnaire, answers: Answers, previous: Answers | None) -> _Judged:
    """Scores and flags. Answers are never lost to a rule that fails: a person judges them instead."""
    try:
        scores = compute(questionnaire, answers)
        return _Judged(scores, evaluate(questionnaire, answers, scores, previous), "done")
    except RULE_FAULTS:
        return _Judged({scale.id: None for scale in questionnaire.scores}, (), "failed")


def _insert_rows(
    db: Session,
    response: QuestionnaireResponse,
    questionnaire: Questionnaire,
    answers: Answers,
    judged: _Judged,
    *,
    at: datetime,
) -> None:
    """One statement a table, whatever the number of items. The tables, since mapped inserts cost five times more."""
    answer_rows = [
        {
            "response_id": response.id,
            "link_id": link_id,
            "position": position,
            "state": answer.state,
            "value": answer.value,
            "number": answer.number,
        }
        for position, (link_id, answer) in enumerate(answers.items())
    ]
    score_rows = [
        {"response_id": response.id, "score_id": score_id, "value": value, "content_hash": questionnaire.hash}
        for score_id, value in judged.scores.items()
    ]
    flag_rows = [
        {
            "id": uuid4(),
            "response_id": response.id,
            "rule_id": flag.rule_id,
            "content_hash": questionnaire.hash,
            "level": flag.level,
            "item": flag.item,
            "value": flag.value,
            "raised_at": at,
        }
        for flag in judged.flags
    ]
    for table, rows in (("response_answer", answer_rows), ("score", score_rows), ("flag", flag_rows)):
        if rows:
            db.execute(sa.insert(Base.metadata.tables[table]), rows)


def _sent_before(db: Session, draft_id: UUID, fingerprint: str) -> QuestionnaireResponse:
    response = db.scalars(sa.select(QuestionnaireResponse).where(QuestionnaireResponse.draft_id == draft_id)).one()
    if response.fingerprint != fingerprint:
        raise AlreadySent(response.id)
    return response


def _fingerprint(version: int, answers: Answers, sending: Sending) -> str:
    content = [
        version,
        [[link_id, answer.state, answer.value] for link_id, answer in answers.items()],
        [sending.wishes, sending.urgency, sending.wants_contact, sending.comment],
    ]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def _receipt(draft_id: UUID) -> str:
    """A code to say on the telephone: 7Q4K-2M9XA. From the draft's id, so that a draft has one receipt."""
    number = int.from_bytes(hashlib.sha256(draft_id.bytes).digest()[:8], "big")
    code = "".join(RECEIPT_LETTERS[number >> 5 * place & 31] for place in range(9))
    return f"{code[:4]}-{code[4:]}"


def _is_by_relative(by: Actor, answered_by: set[UUID]) -> bool:
    """Marked when a relative sent it, or saved any answer of what the patient sent."""
    return by.capacity is Capacity.RELATIVE or (by.capacity is Capacity.PATIENT and bool(answered_by - {by.person_id}))
