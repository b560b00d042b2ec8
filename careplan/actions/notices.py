"""Notices to people that there is something new; what they say and how they are sent lies in `notify`."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.db import insert
from careplan.domain.reminders import after_quiet
from careplan.i18n import TIME_ZONE
from careplan.models import OutboxMessage, Patient

# The channels that something sends. A wish for another one is kept, and nothing is put in the outbox for it.
CHANNELS = frozenset({"email", "sms"})


class Addressee(Protocol):
    """What of a patient a notice needs: the patient, or a row of just this where every query counts."""

    @property
    def person_id(self) -> UUID: ...

    @property
    def notify_by(self) -> str: ...


def enqueue(
    db: Session,
    *,
    patient: Patient | Addressee,
    template: str,
    at: datetime,
    signed: str = "",
    not_before: datetime | None = None,
) -> OutboxMessage | None:
    """Put a notice in the outbox, in the transaction of what it is about. None when the patient wants no notices.

    It goes out when people are awake. `signed`: in whose name it is, a given name alone.
    """
    if patient.notify_by not in CHANNELS:
        return None
    row = _row(patient.person_id, patient.notify_by, signed, template, at)
    if not_before is not None:
        row["next_attempt_at"] = after_quiet(not_before, TIME_ZONE)
    message = OutboxMessage(**row)
    insert(db, message)
    return message


def enqueue_all(db: Session, people: Iterable[tuple[UUID, str, str]], *, template: str, at: datetime) -> None:
    """The same notice to many, (person, channel, signed), in one statement."""
    rows = [
        {"id": uuid4()} | _row(person_id, channel, signed, template, at)
        for person_id, channel, signed in people
        if channel in CHANNELS
    ]
    if rows:
        db.execute(sa.insert(OutboxMessage), rows)


def _row(person_id: UUID, channel: str, signed: str, template: str, at: datetime) -> dict[str, Any]:
    return {
        "person_id": person_id,
        "address": "",
        "template": template,
        "channel": channel,
        "signed": signed,
        "created_at": at,
        "next_attempt_at": after_quiet(at, TIME_ZONE),
        "attempts": 0,
        "status": "pending",
        "error": "",
    }
