"""The manager records the unit's licences; until then a form bound to the instrument is refused in one sentence."""

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from careplan.actions.questionnaires import LicenceMissing
from careplan.models import AuditEvent, Licence
from careplan.web.sentences import sentence_for
from tests.make import Clinic
from tests.pages import words
from tests.people import Human

GIVEN = {"instrument": "hads", "holder": "Region Norrsken", "reference": "Dnr 12/2026"}


def row(human: Human, title: str) -> str:
    page = human.get("manage.licences")
    return next(words(found) for found in page.select("tbody tr") if words(found).startswith(title))


def test_a_licence_is_recorded_with_who_and_when_and_a_row_in_the_log(db: Session, clinic: Clinic, mia: Human) -> None:
    assert row(mia, "HADS").endswith("Saknas")
    mia.post("manage.licences", GIVEN)
    assert "Region Norrsken, Dnr 12/2026 Mia Sand skrev in den måndag 16 november" in row(mia, "HADS")
    recorded = db.scalars(sa.select(Licence)).one()
    assert (recorded.unit_id, recorded.recorded_by_id) == (clinic.unit.id, clinic.practitioner["mia"])
    logged = db.scalars(sa.select(AuditEvent).where(AuditEvent.action == "record-licence")).one()
    assert (logged.person_name, logged.object_id) == ("Mia Sand", str(recorded.id))


def test_each_empty_field_is_said_and_nothing_is_lost(db: Session, mia: Human) -> None:
    mia.get("manage.licences")
    page = mia.post("manage.licences", GIVEN | {"reference": " ", "instrument": ""}, expect=422)
    assert "Skriv avtalets nummer, eller var det finns." in page.text
    assert "Välj vilket instrument licensen gäller." in page.text
    assert page.select_one('input[name="holder"]')["value"] == "Region Norrsken"
    assert db.scalar(sa.select(sa.func.count()).select_from(Licence)) == 0


def test_where_the_holder_claims_the_scoring_the_agreement_must_say_so(mia: Human) -> None:
    assert "Avtalet ska gälla poängen också." in row(mia, "FACT-G")
    assert "Avtalet ska gälla poängen också." not in row(mia, "HADS")


def test_an_instrument_that_anybody_may_use_is_not_listed(mia: Human) -> None:
    assert not mia.get("manage.licences").select('option[value="phq9"]')


def test_a_form_that_waits_for_its_licence_is_refused_in_words_that_say_who_can_mend_it(app: Flask) -> None:
    with app.test_request_context():
        said = sentence_for(LicenceMissing("HADS"))
    assert said.startswith("Enhetens chef skriver in licensen för HADS under Licenser.")
