"""A nurse says when she is away and who answers: lists, patients' pages and messages follow, and go back."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from careplan.actions import absences
from careplan.library import Library
from careplan.models import Absence
from tests import stories
from tests.conftest import Clock
from tests.make import MONDAY, Clinic
from tests.people import Human

THURSDAY, FRIDAY = (19, 11, 2026), (20, 11, 2026)


def days(first: tuple[int, int, int], last: tuple[int, int, int]) -> dict[str, str]:
    sent = {}
    for name, parts in (("first_on", first), ("last_on", last)):
        sent |= {f"{name}-{part}": str(value) for part, value in zip(("day", "month", "year"), parts, strict=True)}
    return sent


def only(db: Session) -> UUID:
    found = db.scalars(sa.select(Absence.id)).one()
    db.rollback()
    return found


def away(human: Human, cover: object, first=THURSDAY, last=FRIDAY, *, expect: int = 303):
    human.get("staff.absences")
    return human.post("staff.absences", days(first, last) | {"cover": str(cover)}, expect=expect)


def test_thursday_and_friday_are_covered_and_then_all_goes_back(
    app: Flask, db: Session, library: Library, clinic: Clinic, clock: Clock
) -> None:
    stories.signed_plan(db, library, clinic)
    stories.sent(db, library, clinic, "astrid", {"fatigue": 7}, at=MONDAY + timedelta(days=2))
    db.commit()
    karin = Human(app, "karin")
    away(karin, clinic.practitioner["nils"])
    assert "Torsdag 19 november till fredag 20 november. Nils Berg svarar." in karin.follow(karin.page).text
    clock.at = datetime(2026, 11, 19, 10, 0, tzinfo=UTC)
    home = Human(app, "astrid").get("patient.home").text
    assert "Karin är borta till fredag 20 november. Nils Berg svarar." in home
    assert "Du, för Karin" in Human(app, "nils").get("staff.worklist").text
    clock.at = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
    assert "är borta till" not in Human(app, "astrid").get("patient.home").text
    assert "Du, för Karin" not in Human(app, "nils").get("staff.worklist").text


def test_what_comes_while_she_is_away_is_read_by_the_cover_whose_name_the_patient_sees(
    app: Flask, db: Session, library: Library, clinic: Clinic, clock: Clock
) -> None:
    stories.signed_plan(db, library, clinic)
    db.commit()
    away(Human(app, "karin"), clinic.practitioner["nils"], (16, 11, 2026), FRIDAY)
    stories.sent(db, library, clinic, "astrid", {"breathlessness": 8}, at=MONDAY + timedelta(minutes=5))
    db.commit()
    clock.at = MONDAY + timedelta(minutes=10)
    assert "Astrid Ek" in Human(app, "nils").get("staff.worklist").text
    assert "Nils, för dig" in Human(app, "karin").get("staff.worklist").text


@pytest.mark.parametrize(
    ("first", "last", "cover", "said"),
    [
        (FRIDAY, THURSDAY, "nils", "Sista dagen är före den första. Kontrollera dagarna."),
        ((9, 11, 2026), (10, 11, 2026), "nils", "Frånvaron har redan varit. Välj dagar som kommer."),
        (THURSDAY, FRIDAY, "karin", "Välj vem som svarar."),
        (THURSDAY, FRIDAY, "lars", "Välj vem som svarar."),
        (THURSDAY, FRIDAY, "mia", "Välj vem som svarar."),
        ((31, 11, 2026), FRIDAY, "nils", "Den dagen finns inte."),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence_and_nothing_is_stored(
    db: Session, clinic: Clinic, karin: Human, first, last, cover: str, said: str
) -> None:
    page = away(karin, clinic.practitioner[cover], first, last, expect=422)
    assert said in page.text
    assert db.scalar(sa.select(sa.func.count()).select_from(Absence)) == 0


def test_a_cover_who_is_away_then_is_refused(db: Session, clinic: Clinic, karin: Human, nils: Human) -> None:
    away(nils, "nobody")
    assert (
        "Kollegan är borta någon av de dagarna."
        in away(karin, clinic.practitioner["nils"], FRIDAY, (24, 11, 2026), expect=422).text
    )


def test_two_who_cover_for_each_other_are_refused(db: Session, clinic: Clinic, karin: Human, nils: Human) -> None:
    away(karin, clinic.practitioner["nils"])
    page = away(nils, clinic.practitioner["karin"], expect=422)
    assert "Kollegan är borta då, och den som är borta svarar för kollegan." in page.text


def test_the_same_days_twice_are_refused(clinic: Clinic, karin: Human) -> None:
    away(karin, clinic.practitioner["nils"])
    assert "Det finns redan frånvaro" in away(karin, clinic.practitioner["nils"], expect=422).text


def test_an_absence_is_moved_and_taken_away(db: Session, clinic: Clinic, karin: Human) -> None:
    away(karin, clinic.practitioner["nils"])
    planned = only(db)
    karin.get("staff.absence", absence_id=planned)
    karin.post("staff.absence", days((26, 11, 2026), (27, 11, 2026)) | {"cover": "nobody"}, absence_id=planned)
    assert "Torsdag 26 november till fredag 27 november. Ingen täcker." in karin.get("staff.absences").text
    karin.post("staff.end_absence", absence_id=planned)
    assert db.scalar(sa.select(sa.func.count()).select_from(Absence)) == 0


def test_an_absence_that_has_begun_ends_now_and_she_answers_again(
    db: Session, library: Library, clinic: Clinic, karin: Human, astrid: Human
) -> None:
    stories.signed_plan(db, library, clinic)
    planned = absences.plan(
        db,
        practitioner_id=clinic.practitioner["karin"],
        unit_id=clinic.unit.id,
        first_on=MONDAY.date(),
        last_on=MONDAY.date() + timedelta(days=3),
        cover_id=clinic.practitioner["nils"],
        by=clinic.actor["karin"],
        at=MONDAY,
    ).id
    db.commit()
    assert "Karin är borta till" in astrid.get("patient.home").text
    karin.get("staff.absences")
    karin.post("staff.end_absence", absence_id=planned)
    assert "Karin är borta till" not in astrid.get("patient.home").text
    karin.post("staff.end_absence", absence_id=planned)


def test_a_colleagues_absence_is_seen_and_not_changed(db: Session, clinic: Clinic, karin: Human, nils: Human) -> None:
    away(nils, "nobody")
    planned = only(db)
    assert "Nils Berg" in karin.get("staff.absences").text
    karin.get("staff.absence", absence_id=planned, expect=404)
    karin.post("staff.end_absence", absence_id=planned, expect=404)
