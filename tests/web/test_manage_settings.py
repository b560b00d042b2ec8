"""The unit's telephone hours, closed days and response times, set by its manager."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from careplan.domain.tasks import ResponseTimes
from careplan.models import Unit
from tests.make import Clinic
from tests.people import Human

TYPED = {
    "phone": "0980-319 200",
    "monday": "8–16.30",
    "tuesday": "8.00-16.00",
    "wednesday": "08:00 – 16:00",
    "thursday": "8-16",
    "friday": "8–12",
    "saturday": "",
    "sunday": "",
    "extra_closed": "2026-12-23\n2026-11-27\n",
    "red_hours": "3",
    "yellow_days": "2",
    "message_days": "1",
    "paper_days": "5",
    "handover_days": "1",
    "first_contact_days": "10",
    "cover_text": "Du kan alltid ringa mottagningen.",
}


def unit_of(db: Session, clinic: Clinic) -> Unit:
    return db.get_one(Unit, clinic.unit.id, populate_existing=True)


def test_hours_days_and_times_are_kept_and_shown_again(db: Session, clinic: Clinic, mia: Human, astrid: Human) -> None:
    mia.get("manage.settings")
    mia.post("manage.settings", TYPED)
    unit = unit_of(db, clinic)
    assert unit.hours == [["08:00", "16:30"], *[["08:00", "16:00"]] * 3, ["08:00", "12:00"], None, None]
    assert unit.opening_hours.extra_closed == {date(2026, 12, 23), date(2026, 11, 27)}
    assert unit.times == ResponseTimes(
        red_hours=3, yellow_days=2, message_days=1, paper_days=5, handover_days=1, first_contact_days=10
    )
    db.rollback()
    page = mia.get("manage.settings")
    assert page.select_one("#monday")["value"] == "8.00–16.30"
    assert "fredag 8–12" in astrid.get("patient.home").text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"monday": "från åtta"}, "Skriv tiden som 8.00–16.00, eller lämna tomt när det är stängt."),
        ({"monday": "8.00–25.00"}, "Den tiden finns inte."),
        ({"monday": "16–8"}, "Skriv en stängning som är efter öppningen."),
        ({"extra_closed": "23 december"}, "Skriv varje dag som 2026-12-23, en på varje rad."),
        ({"red_hours": "0"}, "Skriv ett heltal från 1 till 8."),
        ({"red_hours": "två"}, "Skriv ett heltal från 1 till 8."),
        ({"yellow_days": "6"}, "Skriv ett heltal från 1 till 5."),
        ({"paper_days": ""}, "Skriv ett heltal från 1 till 10."),
        ({"first_contact_days": "11"}, "Skriv ett heltal från 1 till 10."),
        ({"phone": ""}, "Skriv numret till mottagningen."),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_nothing_is_changed(
    db: Session, clinic: Clinic, mia: Human, change: dict[str, str], said: str
) -> None:
    mia.get("manage.settings")
    page = mia.post("manage.settings", TYPED | change, expect=422)
    assert said in page.text
    assert unit_of(db, clinic).response_times == {}


def test_a_unit_without_hours_is_told_what_happens_to_its_tasks(db: Session, clinic: Clinic, mia: Human) -> None:
    mia.get("manage.settings")
    days = ("monday", "tuesday", "wednesday", "thursday", "friday")
    mia.post("manage.settings", TYPED | dict.fromkeys(days, ""))
    said = mia.get("manage.settings").text
    assert "Mottagningen har inga öppettider. Uppgifterna går till den gemensamma listan" in said


def test_patients_of_a_unit_without_hours_meet_no_error(
    db: Session, clinic: Clinic, mia: Human, astrid: Human, karin: Human
) -> None:
    unit_of(db, clinic).hours = [None] * 7
    db.commit()
    astrid.get("patient.home")
    karin.get("staff.worklist")
    mia.get("manage.home")
