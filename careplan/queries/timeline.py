"""The calendar of one patient: what both sides have written, past and coming, and who wrote it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.domain.identity import CLINICAL, Actor, Capacity
from careplan.domain.sharing import VISITS
from careplan.i18n import local
from careplan.models import Appointment, CarePlan, OwnEvent, Person, PlanEvent, Practitioner, Unit
from careplan.queries import access

MOST = 200


@dataclass(frozen=True, slots=True)
class Entry:
    """A visit that is booked, an event of the pathway, or a day of the patient's own.

    `event` is the kind of an event. `note` is what to bring to a visit. `by` is who wrote it, with the profession of
    staff; `may_change` for the reader.
    """

    kind: Literal["visit", "event", "own"]
    id: UUID
    on: date
    starts_at: datetime | None
    title: str
    place: str
    note: str
    by: str
    profession: str
    person_id: UUID
    is_by_relative: bool = False
    event: str = ""
    unit: str = ""
    may_change: bool = False

    @property
    def order(self) -> tuple[date, bool, float]:
        """A day without a time stands before the times of that day."""
        return self.on, self.starts_at is not None, self.starts_at.timestamp() if self.starts_at else 0.0


@dataclass(frozen=True, slots=True)
class Timeline:
    """`coming` the next first, `past` the latest first."""

    coming: tuple[Entry, ...]
    past: tuple[Entry, ...]

    @property
    def next_visit(self) -> Entry | None:
        return next((entry for entry in self.coming if entry.kind == "visit"), None)


def timeline(db: Session, actor: Actor, patient_id: UUID, *, at: datetime) -> Timeline:
    """Three statements, whatever there is. Nothing where visits are not shared."""
    if not access.may_read_part(db, actor, VISITS, at=at):
        return Timeline((), ())
    plans = [access.visible(CarePlan, actor, at=at), CarePlan.patient_id == patient_id]
    if actor.capacity not in CLINICAL:
        plans.append(CarePlan.status != "draft")
    found = [*_visits(db, plans), *_events(db, plans), *_own(db, actor, patient_id, at=at)]
    hour, today = at.replace(minute=0, second=0, microsecond=0), local(at).date()
    coming = [each for each in found if _is_coming(each, hour, today)]
    past = [each for each in found if not _is_coming(each, hour, today)]
    coming.sort(key=lambda each: each.order)
    past.sort(key=lambda each: each.order, reverse=True)
    return Timeline(tuple(coming[:MOST]), tuple(past[:MOST]))


def _is_coming(entry: Entry, hour: datetime, today: date) -> bool:
    """A visit counts from the start of this hour; a day of the pathway is past once it has come."""
    if entry.starts_at is not None:
        return entry.starts_at >= hour
    return entry.on > today if entry.kind == "event" else entry.on >= today


def _visits(db: Session, plans: list[sa.ColumnElement[bool]]) -> Iterable[Entry]:
    rows = db.execute(
        sa.select(Appointment, Person, Practitioner.title, Unit.name)
        .join(CarePlan, CarePlan.id == Appointment.plan_id)
        .join(Unit, Unit.id == CarePlan.unit_id)
        .join(Practitioner, Practitioner.id == Appointment.created_by_id)
        .join(Person, Person.id == Practitioner.person_id)
        .where(*plans, Appointment.cancelled_at.is_(None))
        .order_by(Appointment.starts_at.desc())
        .limit(MOST)
    )
    for visit, person, profession, unit in rows:
        yield Entry(
            kind="visit",
            id=visit.id,
            on=local(visit.starts_at).date(),
            starts_at=visit.starts_at,
            title=visit.title,
            place=visit.place,
            note=visit.preparation,
            by=person.name,
            profession=profession,
            person_id=person.id,
            unit=unit,
        )


def _events(db: Session, plans: list[sa.ColumnElement[bool]]) -> Iterable[Entry]:
    rows = db.execute(
        sa.select(PlanEvent, Person, Practitioner.title, Unit.name)
        .join(CarePlan, CarePlan.id == PlanEvent.plan_id)
        .join(Unit, Unit.id == CarePlan.unit_id)
        .join(Practitioner, Practitioner.id == PlanEvent.recorded_by_id)
        .join(Person, Person.id == Practitioner.person_id)
        .where(*plans)
        .order_by(PlanEvent.on.desc())
        .limit(MOST)
    )
    for event, person, profession, unit in rows:
        yield Entry(
            kind="event",
            id=event.id,
            on=event.on,
            starts_at=None,
            title=event.title,
            place="",
            note="",
            by=person.name,
            profession=profession,
            person_id=person.id,
            event=event.kind,
            unit=unit,
        )


def _own(db: Session, actor: Actor, patient_id: UUID, *, at: datetime) -> Iterable[Entry]:
    rows = db.scalars(
        sa.select(OwnEvent)
        .where(access.visible(OwnEvent, actor, at=at), OwnEvent.patient_id == patient_id, OwnEvent.removed_at.is_(None))
        .order_by(OwnEvent.on.desc())
        .limit(MOST)
    )
    is_own = actor.patient_id == patient_id
    for day in rows:
        yield Entry(
            kind="own",
            id=day.id,
            on=day.on,
            starts_at=day.starts_at,
            title=day.title,
            place=day.place,
            note=day.note,
            by=day.person.name,
            profession="",
            person_id=day.person_id,
            is_by_relative=day.is_by_relative,
            may_change=is_own and (actor.capacity is Capacity.PATIENT or day.person_id == actor.person_id),
        )
