"""Nobody home: the provider's list, its alarm, and the hand that places the tasks where somebody is."""

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from careplan.library import Library
from careplan.models import Membership, Provider, Task, Unit
from tests import stories
from tests.make import MONDAY, Clinic
from tests.people import Human


@pytest.fixture
def closed(db: Session, library: Library, clinic: Clinic, olle: Human) -> None:
    stories.sent(db, library, clinic, "astrid", {"breathlessness": 8}, comment="Det kom smygande.")
    db.commit()
    olle.get("manage.unit", unit_id=clinic.unit.id)
    olle.post("manage.close_unit", unit_id=clinic.unit.id)


@pytest.fixture
def other_manager(db: Session, clinic: Clinic) -> None:
    """Mia leads the other unit of the region; her own is closed."""
    seat = db.scalars(sa.select(Membership).where(Membership.practitioner_id == clinic.practitioner["mia"])).one()
    seat.unit_id = clinic.other_unit.id
    db.commit()


def test_a_closed_unit_sounds_an_alarm_for_the_providers_managers_and_names_no_patient(
    other_manager: None, closed: None, clinic: Clinic, mia: Human
) -> None:
    home = mia.get("manage.home").text
    assert "Ingen är på plats för uppgifterna. Bröstmottagningen, 1 stycken" in home
    page = mia.get("manage.provider_list")
    assert "Mottagningen är stängd." in page.text
    assert "1 Behöver bedömas nu" in page.text
    assert "Astrid" not in page.text


def test_the_tasks_are_placed_with_a_unit_that_has_somebody_who_reads_the_answers_and_no_more(
    other_manager: None, closed: None, app: Flask, db: Session, clinic: Clinic, mia: Human
) -> None:
    mia.get("manage.provider_list")
    mia.post("manage.provider_list", {"from_unit": str(clinic.unit.id), "to": str(clinic.other_unit.id)})
    assert "1 uppgift står nu hos Lungmottagningen." in mia.get("manage.provider_list").text
    lars = Human(app, "lars")
    assert "Astrid Ek" in lars.get("staff.worklist").text
    task_id = db.scalars(sa.select(Task.id)).one()
    db.rollback()
    case = lars.get("staff.case", task_id=task_id)
    assert "Det kom smygande." in case.text
    assert not [link for link in case.select("a") if str(clinic.patient["astrid"]) in link["href"]]
    lars.get("staff.patient", patient_id=clinic.patient["astrid"], expect=404)
    lars.post("staff.case", {"outcome": "called", "next_step": "Lars har ringt."}, task_id=task_id)
    assert db.get_one(Task, task_id).completed_by_id == clinic.practitioner["lars"]


@pytest.mark.parametrize("to", ["", "x", "own"])
def test_only_a_unit_where_somebody_is_there_takes_them(
    other_manager: None, closed: None, db: Session, clinic: Clinic, mia: Human, to: str
) -> None:
    mia.get("manage.provider_list")
    chosen = str(clinic.unit.id) if to == "own" else to
    page = mia.post("manage.provider_list", {"from_unit": str(clinic.unit.id), "to": chosen}, expect=422)
    assert "Välj en mottagning där någon är på plats." in page.text
    assert db.scalars(sa.select(Task.list_unit_id)).one() == clinic.unit.id


def test_a_manager_of_another_provider_sees_nothing_of_it(
    closed: None, db: Session, clinic: Clinic, mia: Human
) -> None:
    other = Provider(name="Region Söder")
    db.add(other)
    db.flush()
    unit = Unit(provider_id=other.id, name="Mottagningen", phone="", hours=[None] * 7)
    db.add(unit)
    db.flush()
    seat = db.scalars(sa.select(Membership).where(Membership.practitioner_id == clinic.practitioner["mia"])).one()
    seat.unit_id = unit.id
    db.commit()
    assert "Inget står på vårdgivarens lista." in mia.get("manage.provider_list").text


def test_the_administrator_says_who_is_called(db: Session, clinic: Clinic, olle: Human) -> None:
    olle.get("manage.unit", unit_id=clinic.unit.id)
    refused = olle.post("manage.unit", {"on_call_email": "jouren"}, unit_id=clinic.unit.id, expect=422)
    assert "Skriv en e-postadress, som jour@exempel.se." in refused.text
    olle.post("manage.unit", {"on_call_email": "jour@region.example"}, unit_id=clinic.unit.id)
    assert db.scalars(sa.select(Provider.on_call_email)).one() == "jour@region.example"


def test_a_unit_is_closed_once(closed: None, db: Session, clinic: Clinic, olle: Human) -> None:
    olle.post("manage.close_unit", unit_id=clinic.unit.id)
    assert db.get_one(Unit, clinic.unit.id).closed_on == MONDAY.date()
    db.rollback()
    assert "Stängd 16" in olle.get("manage.units").text
