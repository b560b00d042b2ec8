from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import needs
from careplan.domain.needs import NeedLevel
from careplan.library import Library
from careplan.models import AuditEvent, Share
from tests import make, stories
from tests.people import Human


@pytest.fixture
def agreed(db: Session, library: Library, clinic: make.Clinic) -> None:
    """A goal of Astrid's with two activities, from an assessment with a level."""
    plan = stories.signed_plan(db, library, clinic)
    by = clinic.actor["karin"]
    assessment = needs.assess(
        db,
        plan,
        response_id=None,
        levels={"strength": NeedLevel.VERY_ADVANCED},
        notes={},
        summary="Hemlig sammanfattning",
        by=by,
        at=make.MONDAY,
    )
    needs.set_goal(
        db,
        plan,
        text="Jag vill orka gå till affären",
        measure="1 200 meter utan vila",
        review_on=date(2026, 12, 1),
        activities=[
            needs.PlannedActivity("Promenad, 20 minuter", "fem dagar i veckan"),
            needs.PlannedActivity("Telefonsamtal", "18 november", clinic.practitioner["freja"]),
        ],
        contact=stories.contact(db, clinic, "astrid"),
        assessment_id=assessment.id,
        by=by,
        at=make.MONDAY,
    )
    db.commit()


@pytest.mark.usefixtures("agreed")
def test_the_patient_sees_goals_activities_who_and_when(astrid: Human) -> None:
    page = astrid.get("patient.rehabilitation")
    for expected in (
        "Det här har du och vårdteamet kommit överens om.",
        "Jag vill orka gå till affären",
        "Promenad, 20 minuter Gör: Du. Fem dagar i veckan.",
        "Telefonsamtal Ansvarar: Freja Holm, fysioterapeut. 18 november.",
        "Tisdag 1 december",
    ):
        assert expected in page.text, expected


@pytest.mark.usefixtures("agreed")
def test_the_patient_sees_no_level_and_no_note_of_the_team(astrid: Human) -> None:
    text = astrid.get("patient.rehabilitation").text.lower()
    assert "avancerade" not in text
    assert "hemlig" not in text


@pytest.mark.usefixtures("agreed")
def test_reading_is_logged(astrid: Human, db: Session, clinic: make.Clinic) -> None:
    astrid.get("patient.rehabilitation")
    event = db.scalars(sa.select(AuditEvent).where(AuditEvent.action == "read-goals")).one()
    assert event.patient_id == clinic.patient["astrid"]


@pytest.mark.usefixtures("agreed")
def test_a_relative_with_the_plan_sees_whose_it_is(lina: Human) -> None:
    page = lina.get("patient.rehabilitation")
    assert page.heading == "Rehabiliteringsplan för Astrid"
    assert "Gör: Astrid." in page.text


@pytest.mark.usefixtures("agreed")
def test_a_relative_without_the_plan_finds_nothing(app: object, db: Session, clinic: make.Clinic) -> None:
    share = db.scalars(sa.select(Share).where(Share.patient_id == clinic.patient["astrid"])).one()
    share.scopes = ["documents"]
    db.commit()
    Human(app, "lina").get("patient.rehabilitation", expect=404)


@pytest.mark.usefixtures("agreed")
def test_another_patient_sees_only_her_own(bo: Human) -> None:
    page = bo.get("patient.rehabilitation")
    assert "Du har inga mål än." in page.text
    assert "affären" not in page.text
