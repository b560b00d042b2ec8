"""The administrator says in which region a unit is, and its patients are told of the help there."""

from uuid import UUID

import pytest

from careplan.models import AuditEvent, Unit


def region(db, clinic):
    db.rollback()
    db.expire_all()
    found = db.get_one(Unit, clinic.unit.id).region
    db.rollback()
    return found


def test_a_region_that_is_chosen_decides_what_help_is_shown(human, app, astrid, db, clinic):
    olle = human(app, "olle")
    page = olle.get("manage.unit", unit_id=clinic.unit.id)
    assert "Region Norrbotten" in page.text and region(db, clinic) == ""
    olle.post("manage.unit_region", {"region": "25"}, unit_id=clinic.unit.id)
    assert region(db, clinic) == "25"
    assert db.query(AuditEvent).filter_by(action="set-region").count() == 1
    db.rollback()
    assert olle.follow(page).select_one('option[value="25"][selected]')
    assert "Kurator för unga vuxna i norra Sverige" in astrid.get("patient.resources").text


@pytest.mark.parametrize("sent", ["99", "Norrbotten", "<b>", "2" * 5000])
def test_a_region_that_there_is_not_changes_nothing(human, app, db, clinic, sent):
    olle = human(app, "olle")
    olle.get("manage.unit", unit_id=clinic.unit.id)
    olle.post("manage.unit_region", {"region": sent}, unit_id=clinic.unit.id)
    assert region(db, clinic) == ""
    assert "Den regionen finns inte." in olle.open(olle.location).text


@pytest.mark.parametrize("username", ["mia", "karin", "edith", "astrid"])
def test_nobody_else_sets_it(human, app, clinic, username):
    visitor = human(app, username)
    visitor.get("account.home", expect={200, 302, 303})
    visitor.post("manage.unit_region", {"region": "25"}, unit_id=clinic.unit.id, expect={404, 400})


def test_a_unit_that_there_is_not_is_not_found(human, app, clinic):
    olle = human(app, "olle")
    olle.get("manage.unit", unit_id=clinic.unit.id)
    olle.post("manage.unit_region", {"region": "25"}, unit_id=UUID(int=7), expect=404)
