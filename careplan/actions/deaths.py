"""A patient has died: nothing more is asked or sent, and the account is closed. A mistake can be taken back."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import audit
from careplan.domain.errors import CareplanError
from careplan.domain.identity import Actor
from careplan.i18n import local
from careplan.models import Account, LoginSession, OutboxMessage, Patient, QuestionnaireRequest
from careplan.models.tasks import OPEN


class DeathInTheFuture(CareplanError):
    """Nobody knows that day yet."""


def record_death(db: Session, patient: Patient, *, on: date, by: Actor, at: datetime) -> None:
    """Open tasks stay open: a person closes them, perhaps after speaking with the family."""
    if on > local(at).date():
        raise DeathInTheFuture
    patient.deceased_on = on
    db.execute(
        sa.update(QuestionnaireRequest)
        .where(
            QuestionnaireRequest.patient_id == patient.id,
            QuestionnaireRequest.respondent_id.is_(None),
            QuestionnaireRequest.status.in_(OPEN),
        )
        .values(status="cancelled")
    )
    db.execute(
        sa.update(OutboxMessage)
        .where(OutboxMessage.person_id == patient.person_id, OutboxMessage.status == "pending")
        .values(status="failed", error="deceased", settled_at=at)
    )
    _let_in(db, patient, False, at)
    db.flush()
    audit.record(db, "record-death", by=by, at=at, patient_id=patient.id, object_type="patient", object_id=patient.id)


def take_back_death(db: Session, patient: Patient, *, by: Actor, at: datetime) -> None:
    """It was somebody else. What was cancelled stays so: the plan asks anew when its time comes."""
    patient.deceased_on = None
    _let_in(db, patient, True, at)
    db.flush()
    audit.record(
        db, "take-back-death", by=by, at=at, patient_id=patient.id, object_type="patient", object_id=patient.id
    )


def _let_in(db: Session, patient: Patient, is_active: bool, at: datetime) -> None:
    accounts = sa.select(Account.id).where(Account.person_id == patient.person_id)
    db.execute(sa.update(Account).where(Account.person_id == patient.person_id).values(is_active=is_active))
    if not is_active:
        db.execute(
            sa.update(LoginSession)
            .where(LoginSession.account_id.in_(accounts), LoginSession.revoked_at.is_(None))
            .values(revoked_at=at)
        )
