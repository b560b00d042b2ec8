"""A manager hires, changes roles and ends seats: whoever leaves reaches nothing from that moment on."""

from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from careplan.domain.identity import Capacity
from careplan.library import Library
from careplan.models import Membership, Task
from tests import stories
from tests.make import MONDAY, Clinic, personnummer
from tests.pages import words
from tests.people import Human

NEW = {
    "identifier": personnummer(MONDAY.date().replace(year=1988), 981),
    "given_name": "Eva",
    "family_name": "Ny",
    "title": "kontaktsjuksköterska",
    "role": "contact-nurse",
    "phone": "0980-319 219",
}


def seat_id(db: Session, clinic: Clinic, who: str) -> UUID:
    found = db.scalars(sa.select(Membership.id).where(Membership.practitioner_id == clinic.practitioner[who])).one()
    db.rollback()
    return found


def test_a_new_colleague_has_a_seat_from_today(db: Session, clinic: Clinic, mia: Human) -> None:
    mia.get("manage.hire")
    mia.post("manage.hire", NEW)
    assert "Eva Ny" in mia.get("manage.staff").text
    seat = db.scalars(sa.select(Membership).where(Membership.phone == NEW["phone"])).one()
    assert (seat.unit_id, seat.role, seat.from_on) == (clinic.unit.id, Capacity.CONTACT_NURSE, MONDAY.date())


def test_a_new_physiotherapist_receives_referrals(db: Session, mia: Human) -> None:
    mia.get("manage.hire")
    mia.post("manage.hire", NEW | {"role": "rehabilitation", "title": "Fysioterapeut"})
    seat = db.scalars(sa.select(Membership).where(Membership.phone == NEW["phone"])).one()
    assert seat.practitioner.profession == "physiotherapist"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"identifier": "12"}, "Ett personnummer har 10 eller 12 siffror."),
        ({"role": "administrator"}, "Välj behörighet."),
        ({"role": ""}, "Välj behörighet."),
        ({"title": ""}, "Skriv titeln."),
    ],
)
def test_what_is_missing_is_said_beside_its_field(db: Session, mia: Human, change: dict[str, str], said: str) -> None:
    mia.get("manage.hire")
    assert said in mia.post("manage.hire", NEW | change, expect=422).text


def test_a_colleague_who_works_here_already_is_not_hired_twice(mia: Human) -> None:
    mia.get("manage.hire")
    mia.post("manage.hire", NEW)
    mia.get("manage.hire")
    assert "Personen arbetar redan på enheten." in mia.post("manage.hire", NEW, expect=422).text


def test_whoever_leaves_is_shut_out_at_once_and_her_tasks_have_another_owner(
    app: Flask, db: Session, library: Library, clinic: Clinic
) -> None:
    stories.sent(db, library, clinic, "astrid", {"breathlessness": 8})
    db.commit()
    karin, mia = Human(app, "karin"), Human(app, "mia")
    karin.get("staff.worklist")
    gone = seat_id(db, clinic, "karin")
    page = mia.get("manage.seat", seat_id=gone)
    assert "3 patienter, 1 öppen uppgift." in page.text
    mia.post("manage.end_seat", {"successor": str(clinic.practitioner["nils"])}, seat_id=gone)
    karin.get("staff.worklist", expect=302)
    assert "Karin Lind" not in [words(found) for found in mia.get("manage.staff").select("tbody th")]
    assert "Astrid Ek" in Human(app, "nils").get("staff.worklist").text
    assert db.scalars(sa.select(Task.owner_id)).one() == clinic.practitioner["nils"]


def test_the_successor_must_be_chosen_where_there_are_patients(db: Session, clinic: Clinic, mia: Human) -> None:
    gone = seat_id(db, clinic, "karin")
    mia.get("manage.seat", seat_id=gone)
    page = mia.post("manage.end_seat", {"successor": ""}, seat_id=gone, expect=422)
    assert "Välj vem som tar över." in page.text
    assert "Karin Lind" in mia.get("manage.staff").text


def test_another_role_holds_at_once(app: Flask, db: Session, clinic: Clinic, mia: Human) -> None:
    nils = Human(app, "nils")
    seat = seat_id(db, clinic, "nils")
    mia.get("manage.seat", seat_id=seat)
    mia.post("manage.seat", {"role": "manager", "phone": "", "cover": "nobody"}, seat_id=seat)
    nils.get("staff.worklist", expect=302)
    again = Human(app, "nils")
    again.get("staff.worklist", expect=404)
    again.get("manage.home")


def test_a_cover_is_a_colleague_and_not_oneself(db: Session, clinic: Clinic, mia: Human) -> None:
    seat = seat_id(db, clinic, "karin")
    mia.get("manage.seat", seat_id=seat)
    sent = {"role": "contact-nurse", "phone": "", "cover": str(clinic.practitioner["karin"])}
    assert "Ingen kan svara för sig själv." in mia.post("manage.seat", sent, seat_id=seat, expect=422).text
    page = mia.post("manage.seat", sent | {"cover": "x"}, seat_id=seat, expect=422)
    assert "Välj en sjuksköterska som arbetar på enheten." in page.text


def test_a_seat_of_another_unit_or_one_that_ended_is_not_there(db: Session, clinic: Clinic, mia: Human) -> None:
    mia.get("manage.seat", seat_id=seat_id(db, clinic, "lars"), expect=404)
    ended = db.scalars(sa.select(Membership).where(Membership.practitioner_id == clinic.practitioner["nils"])).one()
    ended.to_on = MONDAY.date() - timedelta(days=1)
    ended_id = ended.id
    db.commit()
    mia.get("manage.seat", seat_id=ended_id, expect=404)


def test_nobody_changes_what_they_may_do_themself(db: Session, clinic: Clinic, mia: Human) -> None:
    own = seat_id(db, clinic, "mia")
    assert not [link for link in mia.get("manage.staff").select("tbody a") if str(own) in link["href"]]
    mia.get("manage.seat", seat_id=own)
    mia.post("manage.seat", {"role": "contact-nurse", "phone": "", "cover": "nobody"}, seat_id=own, expect=422)
