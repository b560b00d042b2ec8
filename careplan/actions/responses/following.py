"""Is it still so? Asked some days after a severe answer, once for each response."""

from datetime import datetime, timedelta
from typing import cast
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import notices
from careplan.actions.questionnaires import is_licensed
from careplan.actions.responses.asking import ENDS, OPENS, wall
from careplan.actions.responses.reminding import may_be_asked
from careplan.domain.questionnaire import FollowUp, Questionnaire
from careplan.i18n import local
from careplan.library import Library
from careplan.models import OutboxMessage, Patient, QuestionnaireRequest
from careplan.models.tasks import OPEN


def form_asked_again(library: Library, form: Questionnaire) -> Questionnaire | None:
    """The form to ask after a severe answer in this one; None where its file says none, or it is no more."""
    return library.questionnaires.get(form.follow_up.questionnaire) if form.follow_up else None


def ask_again(
    db: Session,
    form: Questionnaire,
    follow_up: FollowUp,
    asked: QuestionnaireRequest,
    response_id: UUID,
    *,
    is_severe: bool,
    was_severe: bool = False,
    at: datetime,
) -> None:
    """Ask where the response is severe. A correction moves what its first version asked, or takes it back."""
    if was_severe:
        _correct(db, asked, is_severe=is_severe)
        return
    if not is_severe or not is_licensed(db, form, asked.unit_id):
        return
    patient = db.execute(
        sa.select(Patient.person_id, Patient.notify_by).where(Patient.id == asked.patient_id, may_be_asked(at))
    ).first()
    if patient is None:
        return
    opens_on = local(at).date() + timedelta(days=follow_up.after_days)
    closes_on = opens_on + timedelta(days=follow_up.open_days)
    opens_at = wall(opens_on, OPENS)
    db.execute(
        sa.insert(QuestionnaireRequest).values(
            id=uuid4(),
            patient_id=asked.patient_id,
            unit_id=asked.unit_id,
            plan_id=asked.plan_id,
            questionnaire_id=form.id,
            content_hash=form.hash,
            entry_key=f"follow-up:{response_id}",
            respondent_id=asked.respondent_id,
            is_sensitive=form.is_sensitive or asked.is_sensitive,
            status="requested",
            opens_at=opens_at,
            due_at=wall(min(opens_on + timedelta(days=1), closes_on), ENDS),
            closes_at=wall(closes_on, ENDS),
            created_at=at,
            follows_id=asked.id,
        )
    )
    if asked.respondent_id is None:
        addressee = cast(notices.Addressee, patient)
        notices.enqueue(db, patient=addressee, template="form-due", at=at, not_before=opens_at)


def withdraw(db: Session, patient_id: UUID, person_id: UUID, *, at: datetime) -> None:
    """In a pause nothing is asked again that has not been asked yet, and nobody is told of it."""
    withdrawn = db.execute(
        sa.update(QuestionnaireRequest)
        .where(
            QuestionnaireRequest.patient_id == patient_id,
            QuestionnaireRequest.respondent_id.is_(None),
            QuestionnaireRequest.follows_id.is_not(None),
            QuestionnaireRequest.status == "requested",
            QuestionnaireRequest.opens_at > at,
        )
        .values(status="cancelled")
        .returning(QuestionnaireRequest.id)
    ).all()
    if withdrawn:
        db.execute(
            sa.delete(OutboxMessage).where(
                OutboxMessage.person_id == person_id,
                OutboxMessage.template == "form-due",
                OutboxMessage.status == "pending",
                OutboxMessage.next_attempt_at > at,
            )
        )


def _correct(db: Session, asked: QuestionnaireRequest, *, is_severe: bool) -> None:
    db.execute(
        sa.update(QuestionnaireRequest)
        .where(QuestionnaireRequest.follows_id == asked.corrects_id, QuestionnaireRequest.status.in_(OPEN))
        .values({"follows_id": asked.id} if is_severe else {"status": "cancelled"})
    )
