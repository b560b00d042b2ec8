"""Before a visit: what stands on the nurse's page, on paper, and who may read it."""

from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy.orm import Session

from careplan.actions import needs, plans
from careplan.library import Library
from careplan.models import CarePlan
from tests import stories
from tests.make import MONDAY, Clinic
from tests.people import Human

pytestmark = pytest.mark.usefixtures("printed_once")


@pytest.fixture
def plan(db: Session, library: Library, clinic: Clinic) -> CarePlan:
    made = stories.signed_plan(db, library, clinic)
    plans.add_appointment(
        db,
        made,
        starts_at=MONDAY + timedelta(days=1),
        title="Återbesök",
        place="",
        preparation="",
        by=clinic.actor["karin"],
        at=MONDAY,
    )
    for days, figures in ((14, {"fatigue": 4, "pain": 1}), (1, {"fatigue": 8, "pain": 1, "nausea": 6})):
        stories.sent(
            db,
            library,
            clinic,
            "astrid",
            figures,
            at=MONDAY - timedelta(days=days),
            wishes=["fatigue"],
            urgency="week",
            comment="Jag orkar inte trappan.",
        )
    needs.set_goal(
        db,
        made,
        text="Orka gå till affären",
        measure="",
        review_on=MONDAY.date() + timedelta(days=3),
        activities=[needs.PlannedActivity("Promenad", "varje dag")],
        contact=stories.contact(db, clinic, "astrid"),
        by=clinic.actor["karin"],
        at=MONDAY,
    )
    db.commit()
    return made


def test_ten_seconds_of_reading_say_what_matters(karin: Human, plan: CarePlan) -> None:
    page = karin.get("staff.prepare", patient_id=plan.patient_id)
    text = page.text.replace("\u00a0", " ")
    assert page.heading == "Inför besöket: Astrid Ek"
    assert "Nästa besök: i morgon klockan 10.20. Återbesök" in text
    worst = page.find("section", {"aria-labelledby": "svarast"}).get_text(" ", strip=True)
    assert worst.index("rötthet") < worst.index("llamående")
    assert "Från 4 till 8." in worst.replace("\u00a0", " ")
    assert "märta" not in worst
    assert "Vill helst ha hjälp med:" in text
    assert "”Jag orkar inte trappan.”" in text
    assert "2 besvarade formulär" in text
    assert "Orka gå till affären" in text


@pytest.mark.slow
def test_the_same_on_paper_in_two_clicks(karin: Human, plan: CarePlan) -> None:
    page = karin.get("staff.patient", patient_id=plan.patient_id)
    assert page.find("a", string="Förbered besök")
    page = karin.get("staff.prepare", patient_id=plan.patient_id)
    link = page.find("a", string="Skriv ut (PDF)")
    response = karin.client.get(link["href"])
    assert response.mimetype == "application/pdf"
    text = "".join(each.extract_text() for each in PdfReader(BytesIO(response.data)).pages)
    assert "Inför besöket: Astrid Ek" in text
    assert "Jag orkar inte trappan." in text


def test_a_patient_with_nothing_yet_gets_a_calm_page(karin: Human, clinic: Clinic) -> None:
    text = karin.get("staff.prepare", patient_id=clinic.patient["bo"]).text
    for sentence in ("Inget besök är bokat.", "Inga svar de senaste månaderna.", "Inga frågor.", "Inga mål än."):
        assert sentence in text


def test_a_rehabilitation_professional_prepares_only_for_patients_of_her_own(freja: Human, plan: CarePlan) -> None:
    freja.get("staff.prepare", patient_id=plan.patient_id, expect=404)


def test_visits_of_today_and_tomorrow_stand_with_the_list(karin: Human, freja: Human, plan: CarePlan) -> None:
    page = karin.get("staff.worklist")
    assert page.find("a", href=f"/patienter/{plan.patient_id}/forbered")
    assert "Återbesök" not in freja.get("staff.worklist").text
