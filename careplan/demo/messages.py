"""content/demo/messages.yaml told to the actions: threads answered and threads that wait."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from uuid import uuid4

import sqlalchemy as sa
import yaml
from sqlalchemy.orm import Session

from careplan.actions import messages
from careplan.demo.clinic import Model
from careplan.demo.staff import Staff
from careplan.demo.times import later, local_day, wall
from careplan.domain.identity import Actor, Capacity
from careplan.domain.messages import ThreadKind
from careplan.domain.worktime import OpeningHours
from careplan.models import Account, CareTeamMember, Patient, Thread, Unit
from careplan.queries.team import contact_for


class SaidModel(Model):
    by: str
    days_ago: int
    at: str
    text: str


class ThreadModel(Model):
    who: str
    subject: str
    team: bool = False
    to: str = ""
    says: tuple[SaidModel, ...]


def read_threads(content_path: Path) -> list[ThreadModel]:
    given = yaml.safe_load((content_path / "demo/messages.yaml").read_text(encoding="utf-8"))
    return [ThreadModel.model_validate(each) for each in given]


def tell(db: Session, threads: list[ThreadModel], staff: Staff, *, at: datetime) -> None:
    """Those of the patients who are there: a small clinic may lack some."""
    for each in threads:
        patient = db.scalars(
            sa.select(Patient).join(Account, Account.person_id == Patient.person_id).where(Account.username == each.who)
        ).one_or_none()
        if patient is not None:
            _tell(db, each, patient, staff, at=at)


def _tell(db: Session, given: ThreadModel, patient: Patient, staff: Staff, *, at: datetime) -> None:
    unit = db.scalars(
        sa.select(Unit)
        .join(CareTeamMember, CareTeamMember.unit_id == Unit.id)
        .where(CareTeamMember.patient_id == patient.id, CareTeamMember.role == Capacity.CONTACT_NURSE)
    ).one()
    own = Actor(patient.person_id, Capacity.PATIENT, patient.person.name, patient_id=patient.id)
    thread: Thread | None = None
    for said, when in _moments(given, staff, unit.opening_hours, at):
        by = staff.actors.get(said.by, own)
        contact = contact_for(db, patient.id, unit.id, at=when)
        if thread is not None:
            messages.mark_read(db, thread, by=by, at=when)
            messages.reply(db, thread, text=said.text, contact=contact, key=uuid4(), by=by, at=when)
            continue
        thread = messages.begin(
            db,
            patient=patient,
            unit_id=unit.id,
            text=said.text,
            subject=given.subject,
            kind=ThreadKind.TEAM if given.team else ThreadKind.PATIENT,
            to_id=staff.practitioners[given.to] if given.to else None,
            contact=contact,
            key=uuid4(),
            by=by,
            at=when,
        )


def _moments(
    given: ThreadModel, staff: Staff, hours: OpeningHours, at: datetime
) -> Iterator[tuple[SaidModel, datetime]]:
    """In order; what would be written after `at` is not written yet, nor is what follows it."""
    for said in given.says:
        when = wall(local_day(at) - timedelta(days=said.days_ago), time.fromisoformat(said.at))
        when = later(hours, when) if said.by in staff.actors else when
        if when > at:
            return
        yield said, when
