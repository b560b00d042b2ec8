"""Sent answers opened again by the patient, to correct a slip: a new version is sent, and the old one stays."""

from datetime import datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import audit
from careplan.db import Base
from careplan.domain.answers import AnswerState
from careplan.domain.errors import CareplanError
from careplan.domain.identity import Actor
from careplan.models import Draft, QuestionnaireRequest, QuestionnaireResponse, ResponseAnswer
from careplan.models.tasks import OPEN

DRAFT_ANSWER = Base.metadata.tables["draft_answer"]
KEPT = (AnswerState.ANSWERED, AnswerState.DECLINED)


class AlreadyCorrected(CareplanError):
    """There is a newer version, and that is the one to correct."""

    def __init__(self, newer_id: UUID) -> None:
        super().__init__(newer_id)
        self.newer_id = newer_id


class CorrectionClosed(CareplanError):
    """The time for corrections is over."""


def correct(db: Session, response: QuestionnaireResponse, *, until: datetime, by: Actor, at: datetime) -> Draft:
    """Begin to correct: a draft with all that was sent. Begun again, it is the same draft."""
    asked = db.get_one(QuestionnaireRequest, response.request_id)
    db.refresh(asked, with_for_update=True)
    newer = db.scalar(sa.select(QuestionnaireResponse.id).where(QuestionnaireResponse.replaces_id == response.id))
    if newer is not None:
        raise AlreadyCorrected(newer)
    if at >= until:
        raise CorrectionClosed
    begun = db.scalar(
        sa.select(Draft)
        .join(Draft.request)
        .where(QuestionnaireRequest.corrects_id == asked.id, QuestionnaireRequest.status.in_(OPEN))
    )
    return begun or _begin(db, response, asked, until=until, by=by, at=at)


def drop_correction(db: Session, draft: Draft, *, by: Actor, at: datetime) -> None:
    """What was sent stands after all. Only a correction can be dropped; dropped twice, nothing happens."""
    asked = draft.request
    db.refresh(asked, with_for_update=True)
    if asked.corrects_id is None or asked.status not in OPEN:
        return
    asked.status = "cancelled"
    db.flush()
    _record(db, "drop-correction", draft.id, asked.patient_id, by=by, at=at)


def _begin(
    db: Session,
    response: QuestionnaireResponse,
    asked: QuestionnaireRequest,
    *,
    until: datetime,
    by: Actor,
    at: datetime,
) -> Draft:
    correction = QuestionnaireRequest(
        id=uuid4(),
        patient_id=asked.patient_id,
        unit_id=asked.unit_id,
        plan_id=asked.plan_id,
        questionnaire_id=asked.questionnaire_id,
        content_hash=asked.content_hash,
        status="in-progress",
        opens_at=at,
        due_at=until,
        closes_at=until,
        created_at=at,
        corrects_id=asked.id,
        respondent_id=asked.respondent_id,
        is_sensitive=asked.is_sensitive,
    )
    db.add(correction)
    db.flush()
    # The same language: an answer is not carried over into other words.
    draft = Draft(
        id=uuid4(),
        request_id=correction.id,
        lang=response.lang,
        version=1,
        started_at=at,
        updated_at=at,
        is_helped=response.is_by_relative,
    )
    draft.request = correction
    db.add(draft)
    db.flush()
    rows = [
        {
            "draft_id": draft.id,
            "link_id": row.link_id,
            "state": row.state,
            "value": row.value,
            "answered_by_id": response.respondent_id or response.patient.person_id,
            "answered_at": response.submitted_at,
            "confirmed_from_id": row.confirmed_from_id,
        }
        for row in db.scalars(sa.select(ResponseAnswer).where(ResponseAnswer.response_id == response.id))
        if row.state in KEPT
    ]
    if rows:
        db.execute(sa.insert(DRAFT_ANSWER), rows)
    _record(db, "correct-response", draft.id, asked.patient_id, by=by, at=at)
    return draft


def _record(db: Session, action: str, draft_id: UUID, patient_id: UUID, *, by: Actor, at: datetime) -> None:
    audit.record(db, action, by=by, at=at, patient_id=patient_id, object_type="draft", object_id=draft_id)
