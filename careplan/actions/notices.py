"""Notices to people that there is something new; what they say and how they are sent lies in `notify`."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from careplan.db import insert
from careplan.models import OutboxMessage, Patient

# The channels that something sends. A wish for another one is kept, and nothing is put in the outbox for it.
CHANNELS = frozenset({"email"})


class Addressee(Protocol):
    """What of a patient a notice needs: the patient, or a row of just this where every query counts."""

    @property
    def person_id(self) -> UUID: ...

    @property
    def notify_by(self) -> str: ...


def enqueue(db: Session, *, patient: Patient | Addressee, template: str, at: datetime) -> OutboxMessage | None:
    """Put a notice in the outbox, in the transaction of what it is about. None when the patient wants no notices."""
    if patient.notify_by not in CHANNELS:
        return None
    message = OutboxMessage(
        person_id=patient.person_id,
        template=template,
        created_at=at,
        next_attempt_at=at,
        attempts=0,
        status="pending",
        error="",
    )
    insert(db, message)
    return message
