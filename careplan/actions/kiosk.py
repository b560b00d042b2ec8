"""The clinic's tablet: a code that opens one form, once, and the session that it opens."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import audit
from careplan.actions.login import MOST_PER_ADDRESS, TooManyAttempts, failures
from careplan.actions.responses import WrongRespondent, check_open
from careplan.domain.errors import CareplanError
from careplan.domain.identity import Actor
from careplan.models import KioskCode, LoginAttempt, QuestionnaireRequest
from careplan.models.tasks import OPEN

# Digits, because a tablet's number pad has the largest keys. What 8 digits lack in length, these limits make up for:
# the tablets of a region may share one address, and guesses may come from many.
DIGITS = 8
VALID = timedelta(minutes=15)
MOST_EVERYWHERE = 200
# How attempts at codes stand among the attempts to log in.
ATTEMPT = "kod till surfplattan"

CodeFault = Literal["malformed", "wrong", "used", "expired", "answered", "closed"]


class InvalidCode(CareplanError):
    """The code opens nothing."""

    def __init__(self, reason: CodeFault) -> None:
        super().__init__(reason)
        self.reason: CodeFault = reason


@dataclass(frozen=True, slots=True)
class NewCode:
    """The digits, which are told once and stored nowhere, and until when they open the form."""

    digits: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Opened:
    """The session on the tablet, and its token, which only the browser keeps."""

    code: KioskCode
    token: str


def make_code(db: Session, request: QuestionnaireRequest, *, by: Actor, at: datetime) -> NewCode:
    """A code for this form. It ends the one before, and what goes on with that on another tablet."""
    if request.respondent_id is not None:  # the tablet is handed to the patient
        raise WrongRespondent
    db.refresh(request, with_for_update=True)
    draft_id = request.draft.id if request.draft else None
    check_open(db, draft_id, request.status, request.opens_at, request.closes_at, at=at)
    db.execute(
        sa.update(KioskCode)
        .where(KioskCode.request_id == request.id, KioskCode.ended_at.is_(None))
        .values(ended_at=at, token_hash=None)
    )
    digits = _unused(db, at=at)
    made = KioskCode(
        code_hash=_hashed(digits),
        request_id=request.id,
        created_by_id=by.practitioner_id,
        created_at=at,
        expires_at=at + VALID,
    )
    db.add(made)
    db.flush()
    audit.record(
        db,
        "make-kiosk-code",
        by=by,
        at=at,
        patient_id=request.patient_id,
        object_type="request",
        object_id=request.id,
    )
    return NewCode(digits, made.expires_at)


def enter(db: Session, *, digits: str, address: str, at: datetime) -> Opened:
    """Open the form that the code is for. The caller commits also when this raises: the attempt is counted.

    Raises TooManyAttempts, InvalidCode.
    """
    if not re.fullmatch(rf"[0-9]{{{DIGITS}}}", digits):
        raise InvalidCode("malformed")  # opens nothing, so it is no guess
    is_code = LoginAttempt.username == ATTEMPT
    if failures(db, sa.and_(is_code, LoginAttempt.address == address), at=at) >= MOST_PER_ADDRESS:
        raise TooManyAttempts
    if failures(db, is_code, at=at) >= MOST_EVERYWHERE:
        raise TooManyAttempts
    code = db.scalar(
        sa.select(KioskCode)
        .where(KioskCode.code_hash == _hashed(digits))
        .order_by(KioskCode.created_at.desc())
        .limit(1)
        .with_for_update()
    )
    fault = _fault(code, at)
    db.add(LoginAttempt(username=ATTEMPT, address=address, at=at, succeeded=fault is None))
    db.flush()
    if code is None or fault is not None:
        raise InvalidCode(fault or "wrong")
    token = secrets.token_urlsafe(32)
    code.used_at, code.last_seen_at, code.token_hash = at, at, _hashed(token)
    db.flush()
    return Opened(code, token)


def confirm(db: Session, code: KioskCode, *, at: datetime) -> None:
    """The one with the tablet says that the form is theirs to answer."""
    code.confirmed_at = at
    db.flush()


def close(db: Session, code: KioskCode, *, at: datetime) -> None:
    """The form is sent: nothing can be answered any more. The token is left for the receipt."""
    code.ended_at = at
    db.flush()


def leave(db: Session, token: str, *, at: datetime) -> None:
    """Nothing is open on this tablet any more. What was saved of the form stays in its draft."""
    db.execute(
        sa.update(KioskCode)
        .where(KioskCode.token_hash == _hashed(token))
        .values(ended_at=sa.func.coalesce(KioskCode.ended_at, sa.literal(at, KioskCode.ended_at.type)), token_hash=None)
    )


def session_of(db: Session, token: str) -> KioskCode | None:
    """The row that the browser's token belongs to, whether its time is over or not."""
    return db.scalar(sa.select(KioskCode).where(KioskCode.token_hash == _hashed(token)))


def _fault(code: KioskCode | None, at: datetime) -> CodeFault | None:
    if code is None:
        return "wrong"
    if code.used_at is not None:
        return "used"
    if code.ended_at is not None or at >= code.expires_at:
        return "expired"
    if code.request.status == "completed":
        return "answered"
    if code.request.status not in OPEN or at >= code.request.closes_at:
        return "closed"
    return None


def _unused(db: Session, *, at: datetime) -> str:
    """Digits that open nothing else while they are valid."""
    while True:
        digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        taken = sa.select(KioskCode.id).where(KioskCode.code_hash == _hashed(digits), KioskCode.expires_at > at)
        if db.scalar(taken) is None:
            return digits


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
