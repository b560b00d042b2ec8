"""Who somebody is: capacities, actors and Swedish identity numbers."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal
from uuid import UUID

from personnummer.personnummer import Personnummer, PersonnummerException  # type: ignore[import-untyped]

from careplan.domain.errors import CareplanError

PERSONNUMMER = "http://electronichealth.se/identifier/personnummer"
SAMORDNINGSNUMMER = "http://electronichealth.se/identifier/samordningsnummer"

InvalidReason = Literal["empty", "length", "date", "check-digit"]


class Capacity(StrEnum):
    PATIENT = "patient"
    RELATIVE = "relative"
    CONTACT_NURSE = "contact-nurse"
    REHABILITATION = "rehabilitation"
    MANAGER = "manager"
    EDITOR = "editor"
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"


CLINICAL = frozenset({Capacity.CONTACT_NURSE, Capacity.REHABILITATION})


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and as what. `patient_id` is the patient's own record, or the patient a relative helps.

    On the clinic's tablet a patient acts with `only_request_id`, and reaches nothing else; the unit is the tablet's.
    """

    person_id: UUID
    capacity: Capacity
    name: str
    unit_id: UUID | None = None
    unit_name: str = ""
    practitioner_id: UUID | None = None
    patient_id: UUID | None = None
    only_request_id: UUID | None = None


class InvalidIdentifier(CareplanError):
    def __init__(self, reason: InvalidReason) -> None:
        super().__init__(reason)
        self.reason: InvalidReason = reason


@dataclass(frozen=True, slots=True)
class PersonIdentifier:
    """Twelve digits and the system they belong to."""

    system: str
    value: str


def parse_identifier(text: str, today: date) -> PersonIdentifier:
    """A personnummer or samordningsnummer as people write it: 10 or 12 digits, with or without -, + and spaces."""
    compact = re.sub(r"[\s\u2010-\u2013\u2212-]", "", text)
    is_over_hundred = "+" in compact
    digits = compact.replace("+", "")
    if not digits:
        raise InvalidIdentifier("empty")
    if not re.fullmatch(r"[0-9]{10}|[0-9]{12}", digits):
        raise InvalidIdentifier("length")
    if len(digits) == 10:
        digits = f"{_century(digits, today, is_over_hundred=is_over_hundred)}{digits}"
    born_on = _date_in(digits)
    if born_on is None or born_on > today:
        raise InvalidIdentifier("date")
    try:
        Personnummer(digits)
    except PersonnummerException as error:
        raise InvalidIdentifier("check-digit") from error
    return PersonIdentifier(SAMORDNINGSNUMMER if int(digits[6:8]) > 60 else PERSONNUMMER, digits)


def birth_date(identifier: PersonIdentifier) -> date:
    """The date in the number; a samordningsnummer has 60 added to its day."""
    born_on = _date_in(identifier.value)
    if born_on is None:
        raise InvalidIdentifier("date")
    return born_on


def age(born_on: date, on: date) -> int:
    """Whole years."""
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


def formatted(value: str) -> str:
    """200001012384 -> 20000101-2384."""
    return f"{value[:8]}-{value[8:]}"


def _century(digits: str, today: date, *, is_over_hundred: bool) -> int:
    """Ten digits mean the latest century that puts the date in the past; a + means a hundred years before that."""
    year = today.year - (today.year - int(digits[:2])) % 100
    born_on = _date_in(f"{year:04}{digits[2:]}")
    if born_on is not None and born_on > today:
        year -= 100
    return (year - (100 if is_over_hundred else 0)) // 100


def _date_in(digits: str) -> date | None:
    day = int(digits[6:8])
    try:
        return date(int(digits[:4]), int(digits[4:6]), day - 60 if day > 60 else day)
    except ValueError:
        return None
