"""Factories as functions: rows that a test needs before its own story begins."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from careplan.domain.identity import PERSONNUMMER, Actor, Capacity
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

OFFICE_HOURS = [["08:00", "16:00"]] * 5 + [None, None]
LONG_AGO = date(2025, 1, 7)
PROFESSIONS = {"fysioterapeut": "physiotherapist", "dietist": "dietitian"}  # title -> whose referrals come
MONDAY = datetime(2026, 11, 16, 9, 20, tzinfo=UTC)  # 10.20 in Sweden


@dataclass
class Clinic:
    """The cast of the tests. `actor["karin"]` acts; `patient["astrid"]` and `practitioner["karin"]` are ids."""

    unit: Unit
    other_unit: Unit
    actor: dict[str, Actor] = field(default_factory=dict)
    patient: dict[str, UUID] = field(default_factory=dict)
    practitioner: dict[str, UUID] = field(default_factory=dict)
    personnummer: dict[str, str] = field(default_factory=dict)


def personnummer(born_on: date, serial: int) -> str:
    """A made-up number: serials 980-999 are kept by the Tax Agency for people who do not exist."""
    digits = f"{born_on:%Y%m%d}{serial:03}"
    total = 0
    for place, digit in enumerate(digits[2:]):
        product = int(digit) * (2 - place % 2)
        total += product // 10 + product % 10
    return digits + str(-total % 10)


def person(db: Session, given: str, family: str, born_on: date, *, serial: int = 980, language: str = "sv") -> Person:
    made = Person(given_name=given, family_name=family, born_on=born_on, language=language, phone="", email="")
    made.identifiers.append(Identifier(system=PERSONNUMMER, value=personnummer(born_on, serial)))
    db.add(made)
    db.flush()
    return made


def account(db: Session, owner: Person, username: str) -> Account:
    made = Account(person_id=owner.id, username=username, created_at=MONDAY)
    db.add(made)
    db.flush()
    return made


def practitioner(db: Session, owner: Person, title: str) -> Practitioner:
    made = Practitioner(person_id=owner.id, title=title, profession=PROFESSIONS.get(title, ""))
    db.add(made)
    db.flush()
    return made


def seat(db: Session, who: Practitioner, unit: Unit, role: Capacity, *, phone: str = "") -> Membership:
    made = Membership(practitioner_id=who.id, unit_id=unit.id, role=role, phone=phone, from_on=LONG_AGO)
    db.add(made)
    db.flush()
    return made


def patient(db: Session, owner: Person, *, uses_paper: bool = False) -> Patient:
    made = Patient(person_id=owner.id, uses_paper=uses_paper, notify_by="email")
    db.add(made)
    db.flush()
    return made


def care(db: Session, who: Patient, by: Practitioner, unit: Unit, role: Capacity = Capacity.CONTACT_NURSE) -> None:
    db.add(
        CareTeamMember(
            patient_id=who.id,
            practitioner_id=by.id,
            unit_id=unit.id,
            role=role,
            offered_on=LONG_AGO,
            accepted_on=LONG_AGO,
            named_on=LONG_AGO,
            from_on=LONG_AGO,
        )
    )
    db.flush()


def clinic(db: Session) -> Clinic:
    """Two units and the cast, with accounts; nobody has a plan yet."""
    region = Provider(name="Region Norrsken")
    db.add(region)
    db.flush()
    unit = Unit(
        provider_id=region.id,
        name="Bröstmottagningen",
        phone="0980-319 200",
        address="Ingång B, plan 3",
        hours=OFFICE_HOURS,
    )
    other = Unit(
        provider_id=region.id, name="Lungmottagningen", phone="0980-319 300", address="Ingång C", hours=OFFICE_HOURS
    )
    db.add_all([unit, other])
    db.flush()
    made = Clinic(unit, other)
    _staff(db, made)
    _patients(db, made)
    return made


def _staff(db: Session, made: Clinic) -> None:
    seats = {}
    for username, given, family, title, unit, role, phone in (
        ("karin", "Karin", "Lind", "kontaktsjuksköterska", made.unit, Capacity.CONTACT_NURSE, "0980-319 210"),
        ("nils", "Nils", "Berg", "kontaktsjuksköterska", made.unit, Capacity.CONTACT_NURSE, "0980-319 211"),
        ("lars", "Lars", "Wik", "kontaktsjuksköterska", made.other_unit, Capacity.CONTACT_NURSE, "0980-319 310"),
        ("freja", "Freja", "Holm", "fysioterapeut", made.unit, Capacity.REHABILITATION, ""),
        ("mia", "Mia", "Sand", "enhetschef", made.unit, Capacity.MANAGER, ""),
        ("mats", "Mats", "Falk", "biträdande enhetschef", made.unit, Capacity.MANAGER, ""),
        ("edith", "Edith", "Ros", "redaktör", made.unit, Capacity.EDITOR, ""),
        ("ebba", "Ebba", "Lund", "redaktör", made.unit, Capacity.EDITOR, ""),
        ("olle", "Olle", "Åkerman", "administratör", made.unit, Capacity.ADMINISTRATOR, ""),
    ):
        born = date(1975, 3, 1 + len(made.actor))
        human = person(db, given, family, born)
        account(db, human, username)
        worker = practitioner(db, human, title)
        seats[username] = seat(db, worker, unit, role, phone=phone)
        made.practitioner[username] = worker.id
        made.actor[username] = Actor(
            person_id=human.id,
            capacity=role,
            name=human.name,
            unit_id=unit.id,
            unit_name=unit.name,
            practitioner_id=worker.id,
        )
    seats["karin"].cover_id = made.practitioner["nils"]
    db.flush()


def _patients(db: Session, made: Clinic) -> None:
    for username, given, family, born, nurse, unit, language in (
        ("astrid", "Astrid", "Ek", date(1968, 4, 12), "karin", made.unit, "sv"),
        ("bo", "Bo", "Sjöberg", date(1960, 2, 3), "karin", made.unit, "sv"),
        ("aino", "Aino", "Virtanen", date(1943, 9, 21), "karin", made.unit, "fi"),
        ("sven", "Sven", "Moberg", date(1951, 1, 30), "lars", made.other_unit, "sv"),
    ):
        human = person(db, given, family, born, language=language)
        if username != "aino":
            account(db, human, username)
        ill = patient(db, human, uses_paper=username == "aino")
        care(db, ill, db.get_one(Practitioner, made.practitioner[nurse]), unit)
        made.patient[username] = ill.id
        made.personnummer[username] = human.identifiers[0].value
        made.actor[username] = Actor(person_id=human.id, capacity=Capacity.PATIENT, name=human.name, patient_id=ill.id)
    daughter = person(db, "Lina", "Ek", date(1995, 6, 30))
    account(db, daughter, "lina")
    db.add(
        Share(
            patient_id=made.patient["astrid"],
            person_id=daughter.id,
            relation="dotter",
            scopes=["plan", "documents", "help"],
            from_at=datetime(2026, 1, 1, tzinfo=UTC),
        )
    )
    made.actor["lina"] = Actor(
        person_id=daughter.id, capacity=Capacity.RELATIVE, name=daughter.name, patient_id=made.patient["astrid"]
    )
    made.personnummer["lina"] = daughter.identifiers[0].value
    db.flush()
