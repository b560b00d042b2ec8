"""Registering patients, sharing with relatives, making accounts."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from careplan.actions import people
from careplan.domain.identity import PersonIdentifier, parse_identifier
from careplan.models import Account, AuditEvent, CareTeamMember, Patient, Person, Share
from careplan.queries.access import visible_patients
from tests import make
from tests.make import MONDAY

NEW = make.personnummer(date(1971, 5, 2), 982)
RELATIVE = make.personnummer(date(1999, 8, 9), 984)


def identifier(number: str) -> PersonIdentifier:
    return parse_identifier(number, MONDAY.date())


def register(db: Session, clinic: make.Clinic, number: str, nurse: str = "karin") -> Patient:
    return people.register_patient(
        db,
        identifier=identifier(number),
        given_name="Ny",
        family_name="Patient",
        phone="070-174 06 99",
        contact_nurse_id=clinic.practitioner[nurse],
        by=clinic.actor[nurse],
        at=MONDAY,
    )


def share_with(db: Session, clinic: make.Clinic, number: str = RELATIVE, scopes: tuple[str, ...] = ("plan",)) -> Share:
    return people.share(
        db,
        patient=db.get_one(Patient, clinic.patient["bo"]),
        identifier=identifier(number),
        given_name="Son",
        family_name="Sjöberg",
        relation="son",
        scopes=scopes,
        by=clinic.actor["bo"],
        at=MONDAY,
    )


def seen_by(db: Session, clinic: make.Clinic, who: str) -> set[object]:
    return set(db.scalars(visible_patients(clinic.actor[who], at=MONDAY)))


def test_a_new_patient_is_known_to_the_unit_and_to_no_other(db: Session, clinic: make.Clinic) -> None:
    patient = register(db, clinic, NEW)
    assert patient.person.born_on == date(1971, 5, 2)
    assert patient.id in seen_by(db, clinic, "karin")
    assert patient.id not in seen_by(db, clinic, "lars")


def test_a_person_who_is_known_elsewhere_keeps_name_and_gets_a_care_relation_here_only(
    db: Session, clinic: make.Clinic
) -> None:
    patient = register(db, clinic, clinic.personnummer["astrid"], nurse="lars")
    assert patient.id == clinic.patient["astrid"]
    assert patient.person.given_name == "Astrid"
    assert patient.id in seen_by(db, clinic, "lars")
    units = set(db.scalars(sa.select(CareTeamMember.unit_id).where(CareTeamMember.patient_id == patient.id)))
    assert units == {clinic.unit.id, clinic.other_unit.id}


def test_registered_twice_the_patient_has_one_contact_nurse(db: Session, clinic: make.Clinic) -> None:
    first, second = register(db, clinic, NEW), register(db, clinic, NEW, nurse="nils")
    nurses = db.scalars(sa.select(CareTeamMember.practitioner_id).where(CareTeamMember.patient_id == first.id)).all()
    assert first.id == second.id
    assert nurses == [clinic.practitioner["karin"]]


def test_a_registration_stands_in_the_log(db: Session, clinic: make.Clinic) -> None:
    patient = register(db, clinic, NEW)
    actions = set(db.scalars(sa.select(AuditEvent.action).where(AuditEvent.patient_id == patient.id)))
    assert {"register-patient", "add-team-member"} <= actions


def test_a_share_replaces_what_the_relative_had(db: Session, clinic: make.Clinic) -> None:
    first = share_with(db, clinic, scopes=("plan", "answers"))
    second = share_with(db, clinic, scopes=("plan", "plan"))
    assert first.to_at == MONDAY
    assert second.to_at is None
    assert second.scopes == ["plan"]
    assert second.person_id == first.person_id


def test_an_ended_share_stays_ended_when_it_was(db: Session, clinic: make.Clinic) -> None:
    share = share_with(db, clinic)
    people.end_share(db, share, by=clinic.actor["bo"], at=MONDAY + timedelta(hours=1))
    people.end_share(db, share, by=clinic.actor["bo"], at=MONDAY + timedelta(hours=2))
    assert share.to_at == MONDAY + timedelta(hours=1)


@pytest.mark.parametrize(
    ("number", "scopes", "error"),
    [
        (RELATIVE, ("plan", "everything"), people.UnknownScope),
        (RELATIVE, (), people.NothingShared),
        ("own", ("plan",), people.SharedWithSelf),
    ],
)
def test_a_share_that_makes_no_sense_is_refused(
    db: Session, clinic: make.Clinic, number: str, scopes: tuple[str, ...], error: type[Exception]
) -> None:
    with pytest.raises(error):
        share_with(db, clinic, clinic.personnummer["bo"] if number == "own" else number, scopes)


def test_only_the_hash_of_a_password_is_kept(db: Session, clinic: make.Clinic) -> None:
    patient = register(db, clinic, NEW)
    account = people.create_account(
        db, person=patient.person, username="ny", password="correct horse", by=clinic.actor["olle"], at=MONDAY
    )
    assert account.password_hash is not None
    assert PasswordHasher().verify(account.password_hash, "correct horse")


def test_user_names_passwords_and_people_are_checked(db: Session, clinic: make.Clinic) -> None:
    new, olle = register(db, clinic, NEW).person, clinic.actor["olle"]
    astrid = db.get_one(Person, clinic.actor["astrid"].person_id)
    with pytest.raises(people.UsernameTaken):
        people.create_account(db, person=new, username="astrid", password=None, by=olle, at=MONDAY)
    with pytest.raises(people.PasswordTooShort):
        people.create_account(db, person=new, username="ny", password="short", by=olle, at=MONDAY)
    with pytest.raises(people.AccountExists):
        people.create_account(db, person=astrid, username="ny", password=None, by=olle, at=MONDAY)
    assert db.scalar(sa.select(sa.func.count()).select_from(Account).where(Account.username == "ny")) == 0
