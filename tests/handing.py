"""A health centre of another provider, and a handover to it, for the tests of both."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy.orm import Session

from careplan.actions import handovers
from careplan.domain.handovers import PARTS
from careplan.domain.identity import Actor, Capacity
from careplan.models import CarePlan, Handover, Provider, Unit
from tests import make, stories

TEXT = {part: f"Överlämning {part}" for part in PARTS}


def centre(db: Session, *, nurses: bool = True) -> tuple[Unit, Actor]:
    """Vårdcentralen Älven, where Petra works."""
    company = Provider(name="Älvens vård")
    db.add(company)
    db.flush()
    unit = Unit(
        provider_id=company.id, name="Vårdcentralen Älven", phone="0980-319 500", address="", hours=make.OFFICE_HOURS
    )
    db.add(unit)
    db.flush()
    human = make.person(db, "Petra", "Grahn", make.LONG_AGO)
    make.account(db, human, "petra")
    worker = make.practitioner(db, human, "distriktssköterska")
    role = Capacity.CONTACT_NURSE if nurses else Capacity.MANAGER
    make.seat(db, worker, unit, role, phone="0980-319 510")
    return unit, Actor(human.id, role, human.name, unit.id, unit.name, practitioner_id=worker.id)


def request(
    db: Session, clinic: make.Clinic, plan: CarePlan, to: Unit, at: datetime = make.MONDAY, **more: object
) -> Handover:
    values = {
        "to": to,
        "reason": "primary-care",
        "parts": TEXT,
        "contact": stories.contact(db, clinic, "astrid", at),
        "key": uuid4(),
        "by": clinic.actor["karin"],
        "at": at,
    }
    return handovers.request(db, plan, **values | more)
