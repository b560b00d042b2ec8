"""A form bound to a licensed instrument is asked for once the unit has recorded its licence, and never before."""

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import content, plans, questionnaires, responses
from careplan.library import Library
from careplan.models import ContentVersion, Licence, Patient, QuestionnaireRequest
from tests import stories
from tests.content import bound
from tests.content.files import changed
from tests.make import MONDAY, Clinic


@pytest.fixture
def asking(db: Session, tmp_path: Path) -> Library:
    """A form bound to an instrument that asks for registration; the plan's schedule orders it at once."""
    loaded = Library.load(bound.content(tmp_path, key=changed(bound.KEY, "{kind: free,", "{kind: registration,")))
    content.publish(db, loaded, at=MONDAY)
    return loaded


def record(db: Session, library: Library, clinic: Clinic) -> Licence:
    return questionnaires.record_licence(
        db,
        library,
        instrument_id="two",
        unit_id=clinic.unit.id,
        holder="Region Norrsken",
        reference="Dnr 12/2026",
        by=clinic.actor["mia"],
        at=MONDAY,
    )


def ask(db: Session, library: Library, clinic: Clinic, *, who: str = "astrid") -> QuestionnaireRequest:
    return responses.request(
        db,
        library,
        patient_id=clinic.patient[who],
        unit_id=clinic.unit.id if who == "astrid" else clinic.other_unit.id,
        questionnaire_id="short",
        opens_at=MONDAY,
        due_at=MONDAY + timedelta(days=2),
        closes_at=MONDAY + timedelta(days=5),
        by=clinic.actor["karin"],
        at=MONDAY,
    )


def test_it_is_refused_before_and_asked_for_after(db: Session, asking: Library, clinic: Clinic) -> None:
    with pytest.raises(questionnaires.LicenceMissing) as refused:
        ask(db, asking, clinic)
    assert refused.value.instrument == "Two"
    record(db, asking, clinic)
    assert ask(db, asking, clinic).status == "requested"


def test_it_is_published_once_a_unit_has_recorded_its_licence(db: Session, asking: Library, clinic: Clinic) -> None:
    stored = sa.select(ContentVersion.hash).where(ContentVersion.hash == asking.questionnaire("short").hash)
    assert db.scalar(stored) is None
    record(db, asking, clinic)
    assert db.scalar(stored) is not None


@pytest.mark.parametrize("name", ["fact_g", "facit_f"])
def test_the_keys_whose_holder_claims_the_scoring_say_so_and_need_a_licence(library: Library, name: str) -> None:
    licence = library.instrument(name).licence
    assert licence.claims_scoring and licence.must_be_recorded
    assert "ansp" in licence.asks["sv"]


def test_the_licence_of_one_unit_is_not_that_of_another(db: Session, asking: Library, clinic: Clinic) -> None:
    record(db, asking, clinic)
    with pytest.raises(questionnaires.LicenceMissing):
        ask(db, asking, clinic, who="sven")


def test_a_plan_goes_on_and_its_schedule_orders_the_form_once_it_may(
    db: Session, asking: Library, clinic: Clinic
) -> None:
    by = clinic.actor["karin"]
    patient = db.get_one(Patient, clinic.patient["astrid"])
    plan = plans.draft(db, asking, patient, "general", lang="sv", treatments=(), by=by, at=MONDAY)
    plans.sign(db, asking, plan, contact=stories.contact(db, clinic, "astrid"), by=by, at=MONDAY)
    asked = sa.select(QuestionnaireRequest.questionnaire_id)
    assert (plan.status, db.scalars(asked).all()) == ("active", [])
    record(db, asking, clinic)
    responses.order_due(db, asking, plan, by=by, at=MONDAY)
    assert db.scalars(asked).all() == ["short"]
