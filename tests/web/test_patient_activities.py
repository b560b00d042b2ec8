"""Ticking off what was agreed, or saying that it did not work; and who learns of it."""

from datetime import timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import activities, needs
from careplan.domain.own import ReportResult
from careplan.domain.tasks import TaskKind
from careplan.library import Library
from careplan.models import ActivityReport, Goal, Share, Task
from tests import stories
from tests.make import MONDAY, Clinic
from tests.people import Human


@pytest.fixture
def goal(db: Session, library: Library, clinic: Clinic) -> Goal:
    plan = stories.signed_plan(db, library, clinic)
    made = needs.set_goal(
        db,
        plan,
        text="Orka gå till affären",
        measure="",
        review_on=MONDAY.date() + timedelta(days=14),
        activities=[
            needs.PlannedActivity("Promenad", "två gånger i veckan"),
            needs.PlannedActivity("Ringa", "18 november", clinic.practitioner["freja"]),
        ],
        contact=stories.contact(db, clinic, "astrid"),
        by=clinic.actor["karin"],
        at=MONDAY,
    )
    db.commit()
    return made


def tick(human: Human, goal: Goal, result: str = "done", key: str | None = None) -> None:
    human.get("patient.rehabilitation")
    sent = {"result": result, "key": key or str(uuid4())}
    human.post("patient.tick", sent, activity_id=goal.activities[0].id)


def reports(db: Session) -> list[ActivityReport]:
    found = list(db.scalars(sa.select(ActivityReport).order_by(ActivityReport.created_at)))
    db.expunge_all()
    db.rollback()  # one writer at a time
    return found


def test_only_what_is_the_patients_to_do_can_be_ticked_off(astrid: Human, goal: Goal) -> None:
    page = astrid.get("patient.rehabilitation")
    assert len(page.select('button[value="done"]')) == 1
    astrid.post("patient.tick", {"result": "done"}, activity_id=goal.activities[1].id, expect=404)


def test_an_exercise_is_ticked_off_several_times_over_the_weeks(astrid: Human, db: Session, goal: Goal, clock) -> None:
    for days in (0, 3, 9):
        clock.at = MONDAY + timedelta(days=days)
        tick(Human(astrid.app, "astrid"), goal)
    text = Human(astrid.app, "astrid").get("patient.rehabilitation").text.replace("\u00a0", " ")
    assert "Gjort 3 gånger. 2 gånger de senaste 7 dagarna." in text
    assert [report.on for report in reports(db)] == [MONDAY.date() + timedelta(days=each) for each in (0, 3, 9)]


def test_the_same_click_twice_is_one_time(astrid: Human, db: Session, goal: Goal) -> None:
    key = str(uuid4())
    tick(astrid, goal, key=key)
    tick(astrid, goal, key=key)
    assert len(reports(db)) == 1


def test_that_it_did_not_work_is_stored_at_once_and_words_may_follow(
    astrid: Human, karin: Human, db: Session, goal: Goal
) -> None:
    tick(astrid, goal, "not-working")
    page = astrid.follow(astrid.page)
    assert page.heading == "Det fungerade inte"
    (report,) = reports(db)
    assert report.result is ReportResult.NOT_WORKING
    sent = {"text": "Knät gjorde ont", "on-day": "15", "on-month": "11", "on-year": "2026"}
    astrid.post("patient.report", sent, report_id=report.id)
    for page in (
        karin.get("staff.goal_review", goal_id=goal.id),
        karin.get("staff.patient", patient_id=goal.patient_id),
        karin.get("staff.prepare", patient_id=goal.patient_id),
    ):
        text = page.text.replace("\u00a0", " ")
        assert "Fungerade inte söndag 15 november." in text
        assert "Knät gjorde ont" in text
    assert contact_tasks(db) == []


def contact_tasks(db: Session) -> list[str]:
    found = list(db.scalars(sa.select(Task.summary).where(Task.kind == TaskKind.CONTACT)))
    db.rollback()
    return found


def test_a_wish_to_be_contacted_about_it_becomes_a_task_with_a_receipt(
    astrid: Human, karin: Human, db: Session, goal: Goal
) -> None:
    tick(astrid, goal, "not-working")
    (report,) = reports(db)
    astrid.get("patient.report", report_id=report.id)
    sent = {"text": "Ont", "on-day": "16", "on-month": "11", "on-year": "2026", "wants_contact": "y"}
    astrid.post("patient.report", sent, report_id=report.id)
    page = astrid.follow(astrid.page)
    assert page.heading == "Du har bett om kontakt"
    assert "Karin Lind läser och hör av sig" in page.text
    assert contact_tasks(db) == ["Fungerade inte: Promenad. Ont"]
    assert "Fungerade inte: Promenad. Ont" in karin.get("staff.worklist").text
    astrid.get("patient.report", report_id=report.id)
    astrid.post("patient.report", sent, report_id=report.id)
    assert len(contact_tasks(db)) == 1


def test_a_tick_by_mistake_is_taken_back(astrid: Human, db: Session, goal: Goal) -> None:
    tick(astrid, goal)
    (report,) = reports(db)
    astrid.get("patient.report", report_id=report.id)
    astrid.post("patient.report", {"remove": "1"}, report_id=report.id)
    assert "Gjort" not in astrid.get("patient.rehabilitation").text
    astrid.get("patient.report", report_id=report.id, expect=404)


def test_a_relative_who_may_help_ticks_off_and_is_named(astrid: Human, lina: Human, db: Session, goal: Goal) -> None:
    tick(lina, goal, "not-working")
    assert "Skrivet av Lina Ek, närstående." in astrid.get("patient.rehabilitation").text
    (report,) = reports(db)
    astrid.get("patient.report", report_id=report.id, expect=404)  # another person's words


def test_a_relative_who_may_not_help_only_reads(lina: Human, db: Session, goal: Goal) -> None:
    db.scalars(sa.select(Share)).one().scopes = ["plan"]
    db.commit()
    assert not lina.get("patient.rehabilitation").select('button[value="done"]')
    lina.post("patient.tick", {"result": "done"}, activity_id=goal.activities[0].id, expect=404)


def test_another_patient_ticks_nothing_of_hers(bo: Human, db: Session, goal: Goal) -> None:
    bo.get("account.settings")
    bo.post("patient.tick", {"result": "done"}, activity_id=goal.activities[0].id, expect=404)
    assert reports(db) == []


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"on-day": "17"}, "Den dagen har inte varit än."),
        ({"on-year": "2024"}, "Välj en dag under det senaste året."),
        ({"text": "x" * 100_000}, "Skriv högst 2 000 tecken."),
    ],
)
def test_what_cannot_be_is_said(astrid: Human, db: Session, goal: Goal, sent: dict[str, str], sentence: str) -> None:
    tick(astrid, goal, "not-working")
    (report,) = reports(db)
    astrid.get("patient.report", report_id=report.id)
    whole = {"text": "", "on-day": "16", "on-month": "11", "on-year": "2026"} | sent
    page = astrid.post("patient.report", whole, report_id=report.id, expect=422)
    assert sentence in page.text.replace("\u00a0", " ")
    assert reports(db)[0].text == ""


def test_nothing_of_a_closed_goal_is_ticked_off(db: Session, clinic: Clinic, goal: Goal) -> None:
    goal.status = "completed"
    with pytest.raises(activities.GoalNotActive):
        activities.report(
            db,
            goal,
            goal.activities[0],
            key=uuid4(),
            result=ReportResult.DONE,
            on=MONDAY.date(),
            by=clinic.actor["astrid"],
            at=MONDAY,
        )
