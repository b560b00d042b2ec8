"""The manager sees two weeks ahead what nobody covers, and plans absence for anybody at the unit."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.models import Absence
from tests.make import MONDAY, Clinic
from tests.people import Human
from tests.web.test_staff_absences import THURSDAY, away, days, only


def test_an_absence_that_nobody_covers_stands_first_fourteen_days_ahead(
    db: Session, clinic: Clinic, karin: Human, mia: Human
) -> None:
    ahead = MONDAY.date() + timedelta(days=13)
    away(karin, "nobody", (ahead.day, ahead.month, ahead.year), (ahead.day, ahead.month, ahead.year))
    page = mia.get("manage.absences")
    assert page.text.index("Ingen svarar, de närmaste 14 dagarna") < page.text.index("Karin Lind söndag 29 november")
    assert "Ingen täcker." in page.text
    assert "1 frånvaro som ingen täcker." in mia.get("manage.home").text


def test_one_further_away_than_that_is_not_pressing(clinic: Clinic, karin: Human, mia: Human) -> None:
    away(karin, "nobody", (7, 12, 2026), (8, 12, 2026))
    page = mia.get("manage.absences")
    assert "All frånvaro är täckt." in page.text
    assert "Karin Lind måndag 7 december" in page.text


def test_a_cover_who_falls_ill_leaves_a_hole_that_shows(clinic: Clinic, karin: Human, nils: Human, mia: Human) -> None:
    away(karin, clinic.practitioner["nils"])
    away(nils, "nobody")
    assert "Ingen svarar från torsdag 19 november" in mia.get("manage.absences").text


def test_the_manager_plans_changes_and_ends_it_for_anybody(db: Session, clinic: Clinic, mia: Human) -> None:
    sent = days(THURSDAY, THURSDAY) | {"cover": str(clinic.practitioner["nils"])}
    mia.get("manage.absences")
    assert "Välj vem som är borta." in mia.post("manage.absences", sent, expect=422).text
    mia.post("manage.absences", sent | {"who": str(clinic.practitioner["karin"])})
    planned = only(db)
    assert "Ändra frånvaron för Karin Lind" in mia.get("manage.absence", absence_id=planned).text
    mia.post("manage.absence", days(THURSDAY, (23, 11, 2026)) | {"cover": "nobody"}, absence_id=planned)
    assert "torsdag 19 november till måndag 23 november. Ingen täcker." in mia.get("manage.absences").text
    mia.post("manage.end_absence", absence_id=planned)
    assert db.scalar(sa.select(sa.func.count()).select_from(Absence)) == 0


def test_a_person_from_another_unit_cannot_be_chosen(clinic: Clinic, mia: Human) -> None:
    sent = days(THURSDAY, THURSDAY) | {"cover": "nobody", "who": str(clinic.practitioner["lars"])}
    mia.get("manage.absences")
    assert "Välj vem som är borta." in mia.post("manage.absences", sent, expect=422).text


def test_nobody_covers_for_themself(clinic: Clinic, mia: Human) -> None:
    karin = str(clinic.practitioner["karin"])
    mia.get("manage.absences")
    page = mia.post("manage.absences", days(THURSDAY, THURSDAY) | {"cover": karin, "who": karin}, expect=422)
    assert "Ingen kan svara för sig själv." in page.text
