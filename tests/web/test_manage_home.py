"""What a manager and an administrator see: figures, staff, accounts; never a patient."""

from datetime import UTC, datetime

from flask import Flask
from sqlalchemy.orm import Session

from careplan.library import Library
from careplan.models import Absence
from tests import make, stories
from tests.conftest import Clock
from tests.pages import words
from tests.people import Human

FIRST_NAMES = ("Astrid", "Bo Sjöberg", "Aino", "Virtanen")


def test_the_manager_sees_how_much_waits_and_how_much_of_it_is_late(
    app: Flask, db: Session, library: Library, clinic: make.Clinic, clock: Clock
) -> None:
    stories.signed_plan(db, library, clinic)
    stories.sent(db, library, clinic, "astrid", {"breathlessness": 9})
    db.commit()
    clock.at = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
    page = Human(app, "mia").get("manage.home")
    first = page.select_one("tbody tr")
    assert words(first).startswith("Behöver bedömas nu Antal 1 Försenade 1 ")
    assert not any(name in page.text for name in FIRST_NAMES)


def test_an_absence_without_cover_is_said(db: Session, clinic: make.Clinic, mia: Human) -> None:
    db.add(
        Absence(
            practitioner_id=clinic.practitioner["karin"],
            unit_id=clinic.unit.id,
            cover_id=None,
            from_at=datetime(2026, 11, 18, 23, 0, tzinfo=UTC),
            to_at=datetime(2026, 11, 20, 23, 0, tzinfo=UTC),
        )
    )
    db.commit()
    text = mia.get("manage.home").text
    assert "Karin Lind torsdag 19 november till fredag 20 november. Ingen täcker." in text
    assert "Ingen täcker" in mia.get("manage.absences").text


def test_staff_of_other_units_are_not_the_managers(mia: Human) -> None:
    text = mia.get("manage.staff").text
    assert "Karin Lind" in text
    assert "Lars Wik" not in text


def test_the_administrator_sees_units_and_staff_accounts_but_no_patients(olle: Human) -> None:
    assert "Lungmottagningen" in olle.get("manage.units").text
    accounts = olle.get("manage.accounts").text
    assert "Lars Wik" in accounts
    assert not any(name in accounts for name in FIRST_NAMES)


def test_neither_reaches_the_others_pages(mia: Human, olle: Human) -> None:
    for human, endpoints in ((mia, ("manage.units", "manage.accounts")), (olle, ("manage.home", "manage.staff"))):
        for endpoint in endpoints:
            human.get(endpoint, expect=404)
