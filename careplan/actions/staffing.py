"""Who works at a unit and as what, how long the unit is open, and whether it is there: changed by its manager."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import audit, people, routing
from careplan.domain.absences import OwnCover
from careplan.domain.errors import CareplanError
from careplan.domain.identity import CLINICAL, Actor, Capacity, PersonIdentifier
from careplan.domain.tasks import ResponseTimes
from careplan.i18n import local
from careplan.models import CareTeamMember, LoginSession, Membership, Patient, Provider, Task, Unit

# What a manager may let somebody be. Who edits content or keeps accounts is not a unit's to decide.
GIVEN_BY_MANAGERS = (Capacity.CONTACT_NURSE, Capacity.REHABILITATION, Capacity.MANAGER)


class AlreadyEmployed(CareplanError):
    """The person has a seat in the unit."""


class OwnSeat(CareplanError):
    """Nobody changes what they may do themself."""


class RoleNotGiven(CareplanError):
    """A role that managers neither give nor take."""


class UnknownColleague(CareplanError):
    """Nobody with such a seat in the unit."""


def hire(
    db: Session,
    *,
    identifier: PersonIdentifier,
    given_name: str,
    family_name: str,
    title: str,
    unit: Unit,
    role: Capacity,
    phone: str,
    profession: str = "",
    by: Actor,
    at: datetime,
) -> Membership:
    """A seat from today on, for a person who is known already or is not. A profession's referrals come to them."""
    if role not in GIVEN_BY_MANAGERS:
        raise RoleNotGiven
    person = people.person_of(db, identifier, given_name=given_name, family_name=family_name, phone="")
    held = sa.select(Membership.id).where(
        Membership.unit_id == unit.id, Membership.practitioner.has(person_id=person.id), *_holds(Membership, at)
    )
    if db.scalar(held) is not None:
        raise AlreadyEmployed
    return people.employ(
        db, person=person, title=title, unit=unit, role=role, phone=phone, profession=profession, by=by, at=at
    )


def change_seat(
    db: Session,
    seat: Membership,
    *,
    role: Capacity,
    phone: str,
    cover_id: UUID | None,
    by: Actor,
    at: datetime,
) -> None:
    """Another role holds from the next page on: whoever is logged in with the old one must log in anew."""
    _may_change(seat, by)
    if role not in GIVEN_BY_MANAGERS:
        raise RoleNotGiven
    if cover_id is not None:
        _check_cover(db, seat, cover_id, at=at)
    was, seat.role, seat.phone, seat.cover_id = seat.role, role, phone.strip(), cover_id
    db.flush()
    db.expire(seat, ["cover"])
    audit.record(db, "change-seat", by=by, at=at, object_type="membership", object_id=seat.id)
    if was is not role:
        _log_out(db, seat, at=at)
        _release(db, seat, by=by, at=at)


def end_seat(db: Session, seat: Membership, *, successor_id: UUID | None, by: Actor, at: datetime) -> None:
    """Over at once: logged out, the patients to a colleague where one is named, and every open task to somebody."""
    _may_change(seat, by)
    if successor_id is not None:
        _check_nurse(db, seat.unit_id, successor_id, at=at)
        if successor_id == seat.practitioner_id:
            raise UnknownColleague
    # The last day was yesterday, or nobody would be shut out before midnight.
    seat.to_on = local(at).date() - timedelta(days=1)
    db.flush()
    audit.record(db, "end-seat", by=by, at=at, object_type="membership", object_id=seat.id)
    _log_out(db, seat, at=at)
    if successor_id is not None:
        for patient in _patients_of(db, seat, at=at):
            name_nurse(db, patient, nurse_id=successor_id, unit_id=seat.unit_id, by=by, at=at)
    _release(db, seat, by=by, at=at)


def name_nurse(db: Session, patient: Patient, *, nurse_id: UUID, unit_id: UUID, by: Actor, at: datetime) -> None:
    """Another contact nurse from today on. The open tasks of the nurse before are hers with it."""
    _check_nurse(db, unit_id, nurse_id, at=at)
    before = db.scalars(
        sa.select(CareTeamMember).where(
            CareTeamMember.patient_id == patient.id,
            CareTeamMember.unit_id == unit_id,
            CareTeamMember.role == Capacity.CONTACT_NURSE,
            *_holds(CareTeamMember, at),
        )
    ).all()
    if [member.practitioner_id for member in before] == [nurse_id]:
        return
    for member in before:
        member.to_on = local(at).date() - timedelta(days=1)
    people.add_to_team(
        db, patient=patient, practitioner_id=nurse_id, unit_id=unit_id, role=Capacity.CONTACT_NURSE, by=by, at=at
    )
    for task in db.scalars(
        sa.select(Task)
        .where(
            Task.patient_id == patient.id,
            Task.list_unit_id == unit_id,
            Task.owner_id.in_([member.practitioner_id for member in before]),
            Task.is_open(),
        )
        .with_for_update(of=Task)
        .execution_options(populate_existing=True)
    ):
        task.owner_id, task.cover_id = nurse_id, None
        audit.record(db, "move-task", by=by, at=at, patient_id=patient.id, object_type="task", object_id=task.id)
    db.flush()


def change_unit(
    db: Session,
    unit: Unit,
    *,
    phone: str,
    hours: list[list[str] | None],
    extra_closed: Sequence[date],
    times: ResponseTimes,
    cover_text: str,
    by: Actor,
    at: datetime,
) -> None:
    """When somebody answers, and how fast. What has been promised already keeps its due time."""
    unit.phone = phone.strip()
    unit.hours = hours
    unit.extra_closed = sorted(day.isoformat() for day in set(extra_closed))
    unit.response_times = asdict(times)
    unit.cover_text = cover_text.strip()
    db.flush()
    audit.record(db, "change-unit", by=by, at=at, object_type="unit", object_id=unit.id)


def set_on_call(db: Session, provider: Provider, *, email: str, by: Actor, at: datetime) -> None:
    """Where alarms go for all of the provider's units; empty: nowhere but to the managers' pages."""
    provider.on_call_email = email
    db.flush()
    audit.record(db, "set-on-call", by=by, at=at, object_type="provider", object_id=provider.id)


def close_unit(db: Session, unit: Unit, *, by: Actor, at: datetime) -> None:
    """No more from today on. What is open there stands on the provider's list until somebody takes it."""
    if unit.closed_on is not None:
        return
    unit.closed_on = local(at).date()
    db.flush()
    audit.record(db, "close-unit", by=by, at=at, object_type="unit", object_id=unit.id)
    routing.settle(db, by=by, at=at)


def _may_change(seat: Membership, by: Actor) -> None:
    if seat.practitioner_id == by.practitioner_id:
        raise OwnSeat
    if seat.role not in GIVEN_BY_MANAGERS:
        raise RoleNotGiven


def _check_cover(db: Session, seat: Membership, cover_id: UUID, *, at: datetime) -> None:
    if cover_id == seat.practitioner_id:
        raise OwnCover
    covers = sa.select(Membership.id).where(
        Membership.unit_id == seat.unit_id,
        Membership.practitioner_id == cover_id,
        Membership.role.in_((Capacity.CONTACT_NURSE, seat.role)),
        Membership.role.in_(CLINICAL),
        *_holds(Membership, at),
    )
    if db.scalar(covers) is None:
        raise UnknownColleague


def _check_nurse(db: Session, unit_id: UUID, nurse_id: UUID, *, at: datetime) -> None:
    seat = sa.select(Membership.id).where(
        Membership.unit_id == unit_id,
        Membership.practitioner_id == nurse_id,
        Membership.role == Capacity.CONTACT_NURSE,
        *_holds(Membership, at),
    )
    if db.scalar(seat) is None:
        raise UnknownColleague


def _log_out(db: Session, seat: Membership, *, at: datetime) -> None:
    db.execute(
        sa.update(LoginSession)
        .where(LoginSession.membership_id == seat.id, LoginSession.revoked_at.is_(None))
        .values(revoked_at=at)
        .execution_options(synchronize_session=False)
    )


def _release(db: Session, seat: Membership, *, by: Actor, at: datetime) -> None:
    """Open tasks of one who is not there any more in that role: to each patient's nurse, else to the shared list."""
    for task in db.scalars(
        sa.select(Task)
        .where(Task.owner_id == seat.practitioner_id, Task.list_unit_id == seat.unit_id, Task.is_open())
        .with_for_update(of=Task)
        .execution_options(populate_existing=True)
    ):
        task.owner_id, task.cover_id = routing.nurse_of(db, task.patient_id, seat.unit_id, at=at), None
        audit.record(db, "move-task", by=by, at=at, patient_id=task.patient_id, object_type="task", object_id=task.id)
    db.flush()
    routing.settle(db, by=by, at=at)


def _patients_of(db: Session, seat: Membership, *, at: datetime) -> Sequence[Patient]:
    return db.scalars(
        sa.select(Patient)
        .join(CareTeamMember, CareTeamMember.patient_id == Patient.id)
        .where(
            CareTeamMember.practitioner_id == seat.practitioner_id,
            CareTeamMember.unit_id == seat.unit_id,
            CareTeamMember.role == Capacity.CONTACT_NURSE,
            *_holds(CareTeamMember, at),
        )
        .distinct()
    ).all()


def _holds(model: type[Membership] | type[CareTeamMember], at: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    today = local(at).date()
    return (model.from_on <= today, sa.or_(model.to_on.is_(None), model.to_on >= today))
