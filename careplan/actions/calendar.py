"""The patient's own days in the calendar: added, changed and taken away by who wrote them. They order nothing."""

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import audit
from careplan.domain.errors import CareplanError
from careplan.domain.identity import Actor, Capacity
from careplan.domain.own import is_near
from careplan.i18n import TIME_ZONE, local
from careplan.models import OwnEvent, Patient


class EmptyEvent(CareplanError):
    """A day without a word about what it is."""


class EventTooFarAway(CareplanError):
    def __init__(self, on: date) -> None:
        super().__init__(on.isoformat())
        self.on = on


@dataclass(frozen=True, slots=True)
class Day:
    """What somebody writes in their calendar. `wall` is the time by the clock, where there is one."""

    title: str
    on: date
    wall: time | None = None
    place: str = ""
    note: str = ""

    @property
    def starts_at(self) -> datetime | None:
        return datetime.combine(self.on, self.wall, TIME_ZONE) if self.wall is not None else None


def add(db: Session, day: Day, *, key: UUID, patient_id: UUID, unit_id: UUID, by: Actor, at: datetime) -> OwnEvent:
    """Once for each page: `key` becomes the id."""
    _check(day, at)
    db.execute(sa.select(Patient.id).where(Patient.id == patient_id).with_for_update())
    stored = db.get(OwnEvent, key)
    if stored is not None and stored.patient_id == patient_id:
        return stored
    made = OwnEvent(
        id=uuid4() if stored else key,
        patient_id=patient_id,
        unit_id=unit_id,
        person_id=by.person_id,
        is_by_relative=by.capacity is Capacity.RELATIVE,
        created_at=at,
        **_columns(day),
    )
    db.add(made)
    db.flush()
    _record(db, "add-own-event", made, by=by, at=at)
    return made


def change(db: Session, event: OwnEvent, day: Day, *, by: Actor, at: datetime) -> None:
    _check(day, at)
    for name, value in _columns(day).items():
        setattr(event, name, value)
    event.changed_at = at
    db.flush()
    _record(db, "change-own-event", event, by=by, at=at)


def remove(db: Session, event: OwnEvent, *, by: Actor, at: datetime) -> None:
    """It stays in the database. Doing it twice changes nothing."""
    if event.removed_at is not None:
        return
    event.removed_at = at
    db.flush()
    _record(db, "remove-own-event", event, by=by, at=at)


def _check(day: Day, at: datetime) -> None:
    if not day.title:
        raise EmptyEvent
    if not is_near(day.on, local(at).date()):
        raise EventTooFarAway(day.on)


def _columns(day: Day) -> dict[str, object]:
    return {"title": day.title, "on": day.on, "starts_at": day.starts_at, "place": day.place, "note": day.note}


def _record(db: Session, action: str, event: OwnEvent, *, by: Actor, at: datetime) -> None:
    audit.record(db, action, by=by, at=at, patient_id=event.patient_id, object_type="own-event", object_id=event.id)
