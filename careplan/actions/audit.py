"""The log: who saw or did what with whose data. Written in the same transaction as the read or write itself."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.db import Base
from careplan.domain.identity import Actor
from careplan.models import AuditEvent, AuditEventPatient, AuditSeal

# Set by the web for each request and by a job for each run, so that rows of one act can be found together.
request_id: ContextVar[str] = ContextVar("request_id", default="")

# Every page writes one: the statement is built once.
EVENTS = Base.metadata.tables["audit_event"]
INSERT_EVENT = sa.insert(EVENTS).returning(EVENTS.c.id)

FIRST_HASH = "0" * 64


def record(
    db: Session,
    action: str,
    *,
    by: Actor,
    at: datetime,
    patient_id: UUID | None = None,
    patients: Iterable[UUID] = (),
    object_type: str = "",
    object_id: UUID | str = "",
    outcome: str = "success",
) -> None:
    """Write one event. `action` is verb-noun ("read-plan"); a list names its `patients`, one row each."""
    event_id = db.execute(
        INSERT_EVENT,
        {
            "at": at,
            "person_id": by.person_id,
            "person_name": by.name,
            "capacity": by.capacity.value,
            "unit_id": by.unit_id,
            "unit_name": by.unit_name,
            "patient_id": patient_id,
            "action": action,
            "object_type": object_type,
            "object_id": str(object_id),
            "outcome": outcome,
            "request_id": request_id.get(),
        },
    ).scalar_one()
    rows = [{"event_id": event_id, "patient_id": shown} for shown in dict.fromkeys(patients)]
    if rows:
        db.execute(sa.insert(AuditEventPatient), rows)


def seal(db: Session, *, at: datetime) -> AuditSeal | None:
    """Chain all events since the last seal; None when there is nothing new. Safe to run twice at once."""
    if db.get_bind().dialect.name == "postgresql":
        # Waits for writers under way and holds new ones for the moment, so that no lower id can appear later.
        db.execute(sa.text("LOCK TABLE audit_event, audit_seal IN SHARE ROW EXCLUSIVE MODE"))
    last = db.scalars(sa.select(AuditSeal).order_by(AuditSeal.id.desc()).limit(1)).first()
    start = last.to_event_id + 1 if last else 1
    digest, ends, count = _digest(db, start, None)
    if ends is None:
        return None
    previous = last.hash if last else FIRST_HASH
    sealed = AuditSeal(
        from_event_id=start,
        to_event_id=ends,
        events=count,
        rows_hash=digest,
        previous_hash=previous,
        hash=_chain(previous, start, ends, count, digest),
        sealed_at=at,
    )
    db.add(sealed)
    db.flush()
    return sealed


def broken_seals(db: Session, *, head: str | None = None) -> list[int]:
    """Ids of seals that do not hold; `head`, a hash kept elsewhere, also shows a tail that was cut off (id 0)."""
    broken = []
    previous, expected_start, hashes = FIRST_HASH, 1, set()
    for found in db.scalars(sa.select(AuditSeal).order_by(AuditSeal.id)):
        digest, ends, count = _digest(db, found.from_event_id, found.to_event_id)
        holds = (
            found.previous_hash == previous
            and found.from_event_id == expected_start
            and (digest, ends, count) == (found.rows_hash, found.to_event_id, found.events)
            and found.hash == _chain(previous, found.from_event_id, found.to_event_id, count, digest)
        )
        if not holds:
            broken.append(found.id)
        previous, expected_start = found.hash, found.to_event_id + 1
        hashes.add(found.hash)
    if head is not None and head not in hashes:
        broken.append(0)
    return broken


def _digest(db: Session, start: int, end: int | None) -> tuple[str, int | None, int]:
    """SHA-256 over the rows from `start` to `end`, the last id found, and their number."""
    digest, ends, count = hashlib.sha256(), None, 0
    for row in _rows(db, start, end):
        digest.update(json.dumps(row, ensure_ascii=False, default=_plain, separators=(",", ":")).encode())
        ends, count = row[0], count + 1
    return digest.hexdigest(), ends, count


def _rows(db: Session, start: int, end: int | None) -> Iterator[list[Any]]:
    columns = AuditEvent.__table__.columns
    events = sa.select(*columns).where(AuditEvent.id >= start).order_by(AuditEvent.id)
    patients = sa.select(AuditEventPatient.event_id, AuditEventPatient.patient_id).where(
        AuditEventPatient.event_id >= start
    )
    if end is not None:
        events = events.where(AuditEvent.id <= end)
        patients = patients.where(AuditEventPatient.event_id <= end)
    shown: dict[int, list[str]] = {}
    for event_id, patient_id in db.execute(patients):
        shown.setdefault(event_id, []).append(str(patient_id))
    for row in db.execute(events.execution_options(yield_per=1000)):
        yield [*row, sorted(shown.get(row[0], []))]


def _chain(previous: str, start: int, end: int, count: int, digest: str) -> str:
    return hashlib.sha256(f"{previous}|{start}|{end}|{count}|{digest}".encode()).hexdigest()


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds")
    return str(value)
