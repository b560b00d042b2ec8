"""Units, seats and log-ins of the made-up staff."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import people, unit_facts
from careplan.demo.clinic import Clinic, StaffModel
from careplan.demo.times import local_day, wall
from careplan.domain.identity import Actor
from careplan.domain.team import Contact
from careplan.models import Absence, Membership, Person, Unit
from careplan.queries.team import contact_at

EMPLOYED_FOR = timedelta(days=420)


@dataclass(frozen=True, slots=True)
class Staff:
    """By user name, and units by their key in the clinic's file."""

    units: dict[str, Unit]
    practitioners: dict[str, UUID]
    actors: dict[str, Actor]
    contacts: dict[str, Contact]


def employ_staff(db: Session, clinic: Clinic, *, by: Actor, at: datetime) -> Staff:
    since = at - EMPLOYED_FOR
    provider = people.open_provider(db, name=clinic.provider, by=by, at=since)
    units = {
        key: people.open_unit(
            db,
            provider=provider,
            name=unit.name,
            phone=unit.phone,
            address=unit.address,
            region=unit.region,
            hours=[list(unit.hours)] * 5 + [None, None],
            by=by,
            at=since,
        )
        for key, unit in clinic.units.items()
    }
    for key, unit in clinic.units.items():
        unit_facts.write(db, units[key], unit.facts, by=by, at=since)
    seats = {member.username: _employ(db, member, units[member.unit], by=by, at=since) for member in clinic.staff}
    for member in clinic.staff:
        if member.cover is not None:
            seats[member.username].cover_id = seats[member.cover].practitioner_id
            seats[member.username].cover = seats[member.cover].practitioner
    for absence in clinic.absences:
        away, cover = seats[absence.who], seats[absence.cover]
        today = local_day(at)
        first = today + timedelta(days=(absence.weekday - today.weekday() - 1) % 7 + 1)
        db.add(
            Absence(
                practitioner_id=away.practitioner_id,
                unit_id=away.unit_id,
                cover_id=cover.practitioner_id,
                from_at=wall(first, time()),
                to_at=wall(first + timedelta(days=absence.days), time()),
            )
        )
    db.flush()
    return Staff(
        units=units,
        practitioners={username: seat.practitioner_id for username, seat in seats.items()},
        actors={username: _actor(seat) for username, seat in seats.items()},
        contacts={username: contact_at(seat) for username, seat in seats.items()},
    )


def is_employed(db: Session, clinic: Clinic) -> bool:
    """Whether this clinic is in the database already."""
    names = [unit.name for unit in clinic.units.values()]
    return db.scalar(sa.select(sa.func.count()).select_from(Unit).where(Unit.name.in_(names))) == len(names)


def _employ(db: Session, member: StaffModel, unit: Unit, *, by: Actor, at: datetime) -> Membership:
    person = Person(given_name=member.given, family_name=member.family, language="sv", phone="", email="")
    db.add(person)
    db.flush()
    people.create_account(db, person=person, username=member.username, password=None, by=by, at=at)
    return people.employ(
        db,
        person=person,
        title=member.title,
        unit=unit,
        role=member.role,
        phone=member.phone,
        profession=member.profession,
        by=by,
        at=at,
    )


def _actor(seat: Membership) -> Actor:
    return Actor(
        person_id=seat.practitioner.person_id,
        capacity=seat.role,
        name=seat.practitioner.name,
        unit_id=seat.unit_id,
        unit_name=seat.unit.name,
        practitioner_id=seat.practitioner_id,
    )
