"""content/demo/own.yaml told to the actions: days of the patients' own, questions, notes, and how it goes."""

from datetime import datetime, time, timedelta
from pathlib import Path
from uuid import uuid4

import sqlalchemy as sa
import yaml
from sqlalchemy.orm import Session

from careplan.actions import activities, calendar, notes
from careplan.demo.clinic import Model
from careplan.demo.times import local_day, wall
from careplan.domain.identity import Actor, Capacity
from careplan.domain.own import NoteKind, ReportResult
from careplan.models import Account, CareTeamMember, Goal, Patient

EVENING = time(19, 20)


class DayModel(Model):
    title: str
    in_days: int
    at: str
    place: str
    note: str


class NoteModel(Model):
    text: str
    days_ago: int
    is_shared: bool = True


class DidNotWorkModel(Model):
    days_ago: int
    text: str


class OwnModel(Model):
    who: str
    days: tuple[DayModel, ...]
    questions: tuple[NoteModel, ...]
    notes: tuple[NoteModel, ...]
    done_days_ago: tuple[int, ...]
    did_not_work: DidNotWorkModel | None = None


def read_own(content_path: Path) -> list[OwnModel]:
    given = yaml.safe_load((content_path / "demo/own.yaml").read_text(encoding="utf-8"))
    return [OwnModel.model_validate(each) for each in given]


def tell(db: Session, given: list[OwnModel], *, at: datetime) -> None:
    """Of the patients who are there: a small clinic may lack some."""
    for each in given:
        patient = db.scalars(
            sa.select(Patient).join(Account, Account.person_id == Patient.person_id).where(Account.username == each.who)
        ).one_or_none()
        if patient is not None:
            own = Actor(patient.person_id, Capacity.PATIENT, patient.person.name, patient_id=patient.id)
            _write(db, each, patient, own, at=at)
            _report(db, each, patient, own, at=at)


def _write(db: Session, given: OwnModel, patient: Patient, own: Actor, *, at: datetime) -> None:
    unit_id = db.scalars(
        sa.select(CareTeamMember.unit_id)
        .where(CareTeamMember.patient_id == patient.id, CareTeamMember.role == Capacity.CONTACT_NURSE)
        .limit(1)
    ).one()
    for day in given.days:
        clock = time.fromisoformat(day.at) if day.at else None
        on = local_day(at) + timedelta(days=day.in_days)
        written = calendar.Day(day.title, on, clock, day.place, day.note)
        when = _evening(at, max(1, -day.in_days))
        calendar.add(db, written, key=uuid4(), patient_id=patient.id, unit_id=unit_id, by=own, at=when)
    kinds = ((NoteKind.QUESTION, given.questions), (NoteKind.NOTE, given.notes))
    for kind, told in kinds:
        for note in told:
            notes.add(
                db,
                key=uuid4(),
                patient_id=patient.id,
                unit_id=unit_id,
                kind=kind,
                text=note.text,
                is_shared=note.is_shared,
                by=own,
                at=_evening(at, note.days_ago),
            )


def _report(db: Session, given: OwnModel, patient: Patient, own: Actor, *, at: datetime) -> None:
    goal = db.scalars(
        sa.select(Goal)
        .where(Goal.patient_id == patient.id, Goal.status == "active")
        .order_by(Goal.review_on, Goal.text)
        .limit(1)
    ).one_or_none()
    if goal is None:
        return
    activity = next(each for each in goal.activities if each.responsible_id is None)
    for days_ago in given.done_days_ago:
        when = _evening(at, days_ago)
        on = local_day(when)
        activities.report(db, goal, activity, key=uuid4(), result=ReportResult.DONE, on=on, by=own, at=when)
    if given.did_not_work is not None:
        when = _evening(at, given.did_not_work.days_ago)
        on, result = local_day(when), ReportResult.NOT_WORKING
        made = activities.report(db, goal, activity, key=uuid4(), result=result, on=on, by=own, at=when)
        text = given.did_not_work.text
        activities.change(db, goal, activity, made, on=on, text=text, contact=None, by=own, at=when)


def _evening(at: datetime, days_ago: int) -> datetime:
    return wall(local_day(at) - timedelta(days=days_ago), EVENING)
