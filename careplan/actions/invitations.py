"""A share for whoever has the code: made by the patient, accepted once by a relative logged in as themself."""

import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import audit, people
from careplan.actions.login import MOST_PER_ADDRESS, TooManyAttempts, failures
from careplan.domain.errors import CareplanError
from careplan.domain.identity import Actor
from careplan.models import LoginAttempt, Patient, Person, Share, ShareInvitation

# Letters and figures that nobody mistakes for each other, read aloud or written by hand.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH, GROUP = 10, 5
VALID = timedelta(days=7)
MOST_PER_PERSON, MOST_EVERYWHERE = 5, 100
# How attempts at codes stand among the attempts to log in.
ATTEMPT = "inbjudan"

CodeFault = Literal["malformed", "wrong", "used", "withdrawn", "expired", "own"]


class InvitationRefused(CareplanError):
    """The code lets nobody in, or not this person."""

    def __init__(self, reason: CodeFault) -> None:
        super().__init__(reason)
        self.reason: CodeFault = reason


@dataclass(frozen=True, slots=True)
class NewInvitation:
    """The code, which is told once and stored nowhere."""

    invitation: ShareInvitation
    code: str


def invite(
    db: Session,
    *,
    patient: Patient,
    name: str,
    relation: str,
    scopes: Sequence[str],
    parts: Sequence[str] | None,
    by: Actor,
    at: datetime,
) -> NewInvitation:
    code = "".join(secrets.choice(ALPHABET) for _place in range(LENGTH))
    made = ShareInvitation(
        patient_id=patient.id,
        name=name,
        relation=relation,
        scopes=people.checked_scopes(scopes),
        parts=None if parts is None else list(parts),
        code_hash=_hashed(code),
        created_at=at,
        expires_at=at + VALID,
    )
    db.add(made)
    db.flush()
    audit.record(
        db, "invite-relative", by=by, at=at, patient_id=patient.id, object_type="invitation", object_id=made.id
    )
    return NewInvitation(made, f"{code[:GROUP]}-{code[GROUP:]}")


def find(db: Session, *, code: str, address: str, by: Actor, at: datetime) -> ShareInvitation:
    """The invitation that this code opens for this person. The caller commits also when this raises: it is counted.

    Raises TooManyAttempts, InvitationRefused.
    """
    compact = re.sub(r"[\s-]", "", code).upper()
    if len(compact) != LENGTH or set(compact) - set(ALPHABET):
        raise InvitationRefused("malformed")  # opens nothing, so it is no guess
    whose = f"{ATTEMPT} {by.person_id}"
    limits = (
        (LoginAttempt.username == whose, MOST_PER_PERSON),
        (sa.and_(LoginAttempt.username.startswith(ATTEMPT), LoginAttempt.address == address), MOST_PER_ADDRESS),
        (LoginAttempt.username.startswith(ATTEMPT), MOST_EVERYWHERE),
    )
    if any(failures(db, attempts, at=at) >= most for attempts, most in limits):
        raise TooManyAttempts
    found = db.scalar(
        sa.select(ShareInvitation)
        .where(ShareInvitation.code_hash == _hashed(compact))
        .order_by(ShareInvitation.created_at.desc())
        .limit(1)
        .with_for_update()
    )
    fault = _fault(found, by, at)
    db.add(LoginAttempt(username=whose, address=address, at=at, succeeded=fault is None))
    db.flush()
    if found is None or fault is not None:
        raise InvitationRefused(fault or "wrong")
    return found


def accept(db: Session, invitation: ShareInvitation, *, by: Actor, at: datetime) -> Share:
    """From now on the relative reaches what the patient chose. The code is worth nothing any more."""
    made = people.share_with(
        db,
        patient=invitation.patient,
        person=db.get_one(Person, by.person_id),
        relation=invitation.relation,
        scopes=invitation.scopes,
        parts=invitation.parts,
        by=by,
        at=at,
    )
    invitation.accepted_at, invitation.share_id = at, made.id
    db.flush()
    audit.record(
        db,
        "accept-invitation",
        by=by,
        at=at,
        patient_id=invitation.patient_id,
        object_type="invitation",
        object_id=invitation.id,
    )
    return made


def withdraw(db: Session, invitation: ShareInvitation, *, by: Actor, at: datetime) -> None:
    """Before it is accepted; a share that came of it is ended as any other."""
    if invitation.accepted_at is not None or invitation.withdrawn_at is not None:
        return
    invitation.withdrawn_at = at
    db.flush()
    audit.record(
        db,
        "withdraw-invitation",
        by=by,
        at=at,
        patient_id=invitation.patient_id,
        object_type="invitation",
        object_id=invitation.id,
    )


def _fault(found: ShareInvitation | None, by: Actor, at: datetime) -> CodeFault | None:
    if found is None:
        return "wrong"
    if found.accepted_at is not None:
        return "used"
    if found.withdrawn_at is not None:
        return "withdrawn"
    if at >= found.expires_at:
        return "expired"
    return "own" if found.patient.person_id == by.person_id else None


def _hashed(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
