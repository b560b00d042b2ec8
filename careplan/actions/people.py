"""People: who is registered as a patient, who works where, who may share, who may log in."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import audit
from careplan.actions.login import hash_password
from careplan.domain.errors import CareplanError
from careplan.domain.identity import Actor, Capacity, PersonIdentifier, birth_date
from careplan.models import (
    Account,
    CareTeamMember,
    Identifier,
    Membership,
    Patient,
    Person,
    Practitioner,
    Provider,
    Share,
    Unit,
)

SCOPES = ("plan", "answers", "documents", "help", "messages", "sensitive")
SHORTEST_PASSWORD = 12
OFFICE_HOURS: list[list[str] | None] = [["08:00", "16:00"]] * 5 + [None, None]


class UnknownScope(CareplanError):
    def __init__(self, scope: str) -> None:
        super().__init__(scope)
        self.scope = scope


class NothingShared(CareplanError):
    """A share without anything in it."""


class SharedWithSelf(CareplanError):
    """The patient's own number was given for the relative."""


class UsernameTaken(CareplanError):
    def __init__(self, username: str) -> None:
        super().__init__(username)
        self.username = username


class AccountExists(CareplanError):
    """The person can log in already; a second account would split the log."""


class PasswordTooShort(CareplanError):
    def __init__(self, shortest: int) -> None:
        super().__init__(shortest)
        self.shortest = shortest


def register_patient(
    db: Session,
    *,
    identifier: PersonIdentifier,
    given_name: str,
    family_name: str,
    phone: str,
    contact_nurse_id: UUID,
    by: Actor,
    at: datetime,
) -> Patient:
    """The patient, in the care of the actor's unit. Whoever is known already keeps name, plans and other units."""
    person = person_of(db, identifier, given_name=given_name, family_name=family_name, phone=phone)
    patient = db.scalar(sa.select(Patient).where(Patient.person_id == person.id))
    if patient is None:
        patient = Patient(person_id=person.id, person=person, notify_by="none", uses_paper=False)
        db.add(patient)
        db.flush()
    if by.unit_id is not None and _nurse_at(db, patient, by.unit_id, at.date()) is None:
        add_to_team(
            db,
            patient=patient,
            practitioner_id=contact_nurse_id,
            unit_id=by.unit_id,
            role=Capacity.CONTACT_NURSE,
            by=by,
            at=at,
        )
    audit.record(
        db, "register-patient", by=by, at=at, patient_id=patient.id, object_type="patient", object_id=patient.id
    )
    return patient


def answer_on(db: Session, patient: Patient, *, on_paper: bool, by: Actor, at: datetime) -> None:
    """From now on questions go by post, or to the patient's own screen. Answers given before stay."""
    patient.uses_paper = on_paper
    audit.record(db, "choose-medium", by=by, at=at, patient_id=patient.id, object_type="patient", object_id=patient.id)


def add_to_team(
    db: Session, *, patient: Patient, practitioner_id: UUID, unit_id: UUID, role: Capacity, by: Actor, at: datetime
) -> CareTeamMember:
    """Somebody takes part in the patient's care. Offered, accepted and named are today until said otherwise."""
    today = at.date()
    member = CareTeamMember(
        patient_id=patient.id,
        practitioner_id=practitioner_id,
        unit_id=unit_id,
        role=role,
        offered_on=today,
        accepted_on=today,
        named_on=today,
        from_on=today,
        to_on=None,
    )
    db.add(member)
    db.flush()
    audit.record(
        db,
        "add-team-member",
        by=by,
        at=at,
        patient_id=patient.id,
        object_type="practitioner",
        object_id=practitioner_id,
    )
    return member


def share(
    db: Session,
    *,
    patient: Patient,
    identifier: PersonIdentifier,
    given_name: str,
    family_name: str,
    relation: str,
    scopes: Iterable[str],
    parts: Iterable[str] | None = None,
    by: Actor,
    at: datetime,
) -> Share:
    """Let a relative, known by their number, do what `scopes` say, from now on."""
    wanted = checked_scopes(scopes)
    person = person_of(db, identifier, given_name=given_name, family_name=family_name, phone="")
    return share_with(db, patient=patient, person=person, relation=relation, scopes=wanted, parts=parts, by=by, at=at)


def share_with(
    db: Session,
    *,
    patient: Patient,
    person: Person,
    relation: str,
    scopes: Iterable[str],
    parts: Iterable[str] | None,
    by: Actor,
    at: datetime,
) -> Share:
    """A share that the relative has already is replaced. `parts` of the plan alone, or None for the whole of it."""
    if person.id == patient.person_id:
        raise SharedWithSelf
    for earlier in db.scalars(_active_shares(patient, person, at=at)):
        earlier.to_at = at
    made = Share(
        patient_id=patient.id,
        person_id=person.id,
        person=person,
        relation=relation,
        scopes=checked_scopes(scopes),
        parts=None if parts is None else list(dict.fromkeys(parts)),
        from_at=at,
        to_at=None,
    )
    db.add(made)
    db.flush()
    audit.record(db, "share-access", by=by, at=at, patient_id=patient.id, object_type="share", object_id=made.id)
    return made


def checked_scopes(scopes: Iterable[str]) -> list[str]:
    """Each once, and at least one."""
    wanted = list(dict.fromkeys(scopes))
    for scope in wanted:
        if scope not in SCOPES:
            raise UnknownScope(scope)
    if not wanted:
        raise NothingShared
    return wanted


def share_parts(db: Session, share: Share, *, parts: Iterable[str] | None, by: Actor, at: datetime) -> None:
    """Change what of the plan the relative reads; it holds at once."""
    share.parts = None if parts is None else list(dict.fromkeys(parts))
    db.flush()
    audit.record(db, "change-share", by=by, at=at, patient_id=share.patient_id, object_type="share", object_id=share.id)


def end_share(db: Session, share: Share, *, by: Actor, at: datetime) -> None:
    """The relative reaches nothing from this moment on. Ending it twice is the same as once."""
    if share.to_at is not None and share.to_at <= at:
        return
    share.to_at = at
    db.flush()
    audit.record(db, "end-share", by=by, at=at, patient_id=share.patient_id, object_type="share", object_id=share.id)


def create_account(
    db: Session, *, person: Person, username: str, password: str | None, by: Actor, at: datetime
) -> Account:
    """A way to log in. Without a password only the demonstration's buttons open it."""
    if password is not None and len(password) < SHORTEST_PASSWORD:
        raise PasswordTooShort(SHORTEST_PASSWORD)
    if db.scalar(sa.select(Account.id).where(Account.username == username)) is not None:
        raise UsernameTaken(username)
    if db.scalar(sa.select(Account.id).where(Account.person_id == person.id)) is not None:
        raise AccountExists
    account = Account(
        person_id=person.id,
        person=person,
        username=username,
        password_hash=None if password is None else hash_password(password),
        created_at=at,
    )
    db.add(account)
    db.flush()
    audit.record(db, "create-account", by=by, at=at, object_type="account", object_id=account.id)
    return account


def open_provider(db: Session, *, name: str, by: Actor, at: datetime) -> Provider:
    """The care provider of this name, made when it is not there."""
    provider = db.scalar(sa.select(Provider).where(Provider.name == name))
    if provider is None:
        provider = Provider(name=name)
        db.add(provider)
        db.flush()
        audit.record(db, "open-provider", by=by, at=at, object_type="provider", object_id=provider.id)
    return provider


def open_unit(
    db: Session,
    *,
    provider: Provider,
    name: str,
    phone: str,
    address: str = "",
    region: str = "",
    hours: list[list[str] | None] = OFFICE_HOURS,
    by: Actor,
    at: datetime,
) -> Unit:
    """The provider's unit of this name, made when it is not there."""
    unit = db.scalar(sa.select(Unit).where(Unit.provider_id == provider.id, Unit.name == name))
    if unit is None:
        unit = Unit(provider_id=provider.id, name=name, phone=phone, address=address, region=region, hours=hours)
        db.add(unit)
        db.flush()
        audit.record(db, "open-unit", by=by, at=at, object_type="unit", object_id=unit.id)
    return unit


def set_region(db: Session, unit: Unit, region: str, *, by: Actor, at: datetime) -> None:
    """The code of the region whose help the unit's patients are told of; empty for none."""
    unit.region = region
    db.flush()
    audit.record(db, "set-region", by=by, at=at, object_type="unit", object_id=unit.id)


def employ(
    db: Session,
    *,
    person: Person,
    title: str,
    unit: Unit,
    role: Capacity,
    phone: str = "",
    profession: str = "",
    by: Actor,
    at: datetime,
) -> Membership:
    """A seat in a unit, from today on. With a profession of content/professions.yaml it receives referrals."""
    practitioner = db.scalar(sa.select(Practitioner).where(Practitioner.person_id == person.id))
    if practitioner is None:
        practitioner = Practitioner(person_id=person.id, person=person, title=title, profession=profession)
        db.add(practitioner)
        db.flush()
    elif profession:
        practitioner.profession = profession
    seat = Membership(
        practitioner_id=practitioner.id,
        practitioner=practitioner,
        unit_id=unit.id,
        unit=unit,
        role=role,
        phone=phone,
        from_on=at.date(),
        to_on=None,
    )
    db.add(seat)
    db.flush()
    audit.record(db, "employ", by=by, at=at, object_type="membership", object_id=seat.id)
    return seat


def person_of(db: Session, identifier: PersonIdentifier, *, given_name: str, family_name: str, phone: str) -> Person:
    """The person with this number, made where nobody is known by it."""
    known = db.scalar(
        sa.select(Person)
        .join(Identifier, Identifier.person_id == Person.id)
        .where(Identifier.system == identifier.system, Identifier.value == identifier.value)
    )
    if known is not None:
        return known
    person = Person(
        given_name=given_name,
        family_name=family_name,
        born_on=birth_date(identifier),
        language="sv",
        phone=phone,
        email="",
    )
    person.identifiers.append(Identifier(system=identifier.system, value=identifier.value))
    db.add(person)
    db.flush()
    return person


def _nurse_at(db: Session, patient: Patient, unit_id: UUID, today: date) -> UUID | None:
    return db.scalar(
        sa.select(CareTeamMember.practitioner_id).where(
            CareTeamMember.patient_id == patient.id,
            CareTeamMember.unit_id == unit_id,
            CareTeamMember.role == Capacity.CONTACT_NURSE,
            CareTeamMember.from_on <= today,
            sa.or_(CareTeamMember.to_on.is_(None), CareTeamMember.to_on >= today),
        )
    )


def _active_shares(patient: Patient, person: Person, *, at: datetime) -> sa.Select[Share]:
    return sa.select(Share).where(
        Share.patient_id == patient.id,
        Share.person_id == person.id,
        Share.from_at <= at,
        sa.or_(Share.to_at.is_(None), Share.to_at > at),
    )
