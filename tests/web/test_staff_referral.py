"""Referrals within the team, as nurse, receiver and patient meet them; and what a receiver does not reach."""

from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from careplan.actions import referrals
from careplan.domain.tasks import TaskKind
from careplan.library import Library
from careplan.models import AuditEvent, CareTeamMember, Goal, QuestionnaireResponse, Referral, Task
from tests import make, stories
from tests.conftest import Clock
from tests.pages import words
from tests.people import Human
from tests.web.test_staff_needs import GOAL, TALK


@pytest.fixture
def referral_id(db: Session, library: Library, clinic: make.Clinic) -> UUID:
    """Astrid has answered; Karin asks the physiotherapists about her strength."""
    plan = stories.signed_plan(db, library, clinic)
    stories.sent(
        db, library, clinic, "astrid", {"fatigue": 4, "mouth": 6, "worry": 3}, at=make.MONDAY - timedelta(days=7)
    )
    stories.sent(db, library, clinic, "astrid", {"fatigue": 7, "mouth": 6, "worry": 3}, comment="Bara för Karin")
    made = referrals.refer(
        db,
        plan,
        profession="physiotherapist",
        known={"physiotherapist"},
        areas=["strength", "pain"],
        question="Kan hon träna?",
        contact=stories.contact(db, clinic, "astrid"),
        by=clinic.actor["karin"],
        at=make.MONDAY,
    )
    db.commit()
    return made.id


def accepted(freja: Human, referral_id: UUID) -> None:
    freja.get("staff.referral", referral_id=referral_id)
    freja.post("staff.accept_referral", {"next_step": "Freja ringer dig."}, referral_id=referral_id)


def test_the_receiver_lands_on_the_list_and_reads_the_oldest_first(
    freja: Human, db: Session, library: Library, clinic: make.Clinic, referral_id: UUID
) -> None:
    plan = stories.signed_plan(db, library, clinic, "bo")
    referrals.refer(
        db,
        plan,
        profession="physiotherapist",
        known={"physiotherapist"},
        areas=[],
        question="Äldre fråga",
        contact=stories.contact(db, clinic, "bo"),
        by=clinic.actor["karin"],
        at=make.MONDAY - timedelta(days=3),
    )
    db.commit()
    freja.get("account.home", expect=302)
    page = freja.follow(freja.response)
    assert page.heading == "Remisser"
    assert [words(name) for name in page.select("tbody th")] == ["Bo Sjöberg", "Astrid Ek"]
    assert "Från Karin Lind" in page.text


def test_the_receiver_reads_just_what_the_case_needs(freja: Human, referral_id: UUID) -> None:
    page = freja.get("staff.referral", referral_id=referral_id)
    assert "Kan hon träna?" in page.text
    assert [words(area) for area in page.select("#svaren ~ h3")] == ["Ork och rörelse", "Smärta"]
    assert "7 av 10" in page.text and "Trötthet över tid" in page.text
    for kept_back in ("munnen", "oro", "Bara för Karin"):
        assert kept_back not in page.text, kept_back


def test_what_a_referral_does_not_open(freja: Human, db: Session, clinic: make.Clinic, referral_id: UUID) -> None:
    accepted(freja, referral_id)
    plan_id = db.get_one(Referral, referral_id).plan_id
    newest = sa.select(QuestionnaireResponse).order_by(QuestionnaireResponse.submitted_at.desc()).limit(1)
    response_id = db.scalars(newest).one().id
    task_id = db.scalars(sa.select(Task.id).where(Task.response_id == response_id)).one()
    db.rollback()
    astrid = clinic.patient["astrid"]
    for endpoint, values in (
        ("staff.trends", {"patient_id": astrid}),
        ("staff.needs", {"patient_id": astrid}),
        ("staff.case", {"task_id": task_id}),
        ("documents.response", {"response_id": response_id}),
        ("staff.order_form", {"patient_id": astrid}),
    ):
        if endpoint == "staff.order_form":
            freja.post(endpoint, {"questionnaire": "needs"}, expect=404, **values)
        else:
            freja.get(endpoint, expect=404, **values)
    freja.get("staff.patient", patient_id=astrid, expect=303)
    assert freja.location == freja.url("staff.referral", referral_id=referral_id)
    freja.get("staff.rehabilitation", plan_id=plan_id)
    freja.get("staff.write", patient_id=astrid)


def test_before_it_is_accepted_the_plan_is_closed(freja: Human, db: Session, referral_id: UUID) -> None:
    plan_id = db.get_one(Referral, referral_id).plan_id
    db.rollback()
    for endpoint in ("staff.rehabilitation", "staff.goal", "documents.show"):
        freja.get(endpoint, plan_id=plan_id, expect=404)
    freja.get("staff.referral", referral_id=referral_id)
    freja.post("staff.close_referral", {"summary": "Klart"}, referral_id=referral_id)
    assert "Kan hon träna?" in freja.get("staff.referrals").text


def test_accepted_with_words_that_the_patient_reads(
    freja: Human, astrid: Human, karin: Human, referral_id: UUID
) -> None:
    assert "Du får veta här när någon har tagit emot det." in astrid.get("patient.rehabilitation").text
    accepted(freja, referral_id)
    assert "Freja Holm tog emot frågan" in astrid.get("patient.rehabilitation").text
    assert "Freja ringer dig." in astrid.get("patient.rehabilitation").text
    assert "Mottagen av Freja Holm" in karin.get("staff.referral", referral_id=referral_id).text


def test_a_nurse_reads_a_referral_and_does_not_answer_it(karin: Human, referral_id: UUID) -> None:
    page = karin.get("staff.referral", referral_id=referral_id)
    assert [words(form.h2) for form in page.select("main form")] == ["Ta tillbaka"]
    karin.post("staff.accept_referral", {}, referral_id=referral_id, expect=404)
    karin.post("staff.return_referral", {"reason": "Nej"}, referral_id=referral_id, expect=404)


def test_a_nurse_takes_back_what_nobody_has_answered(
    karin: Human, freja: Human, astrid: Human, db: Session, referral_id: UUID
) -> None:
    karin.get("staff.referral", referral_id=referral_id)
    page = karin.post("staff.withdraw_referral", {"reason": " "}, referral_id=referral_id, expect=422)
    assert "Skriv varför" in page.text
    for _click in range(2):
        karin.post("staff.withdraw_referral", {"reason": "Freja har slutat"}, referral_id=referral_id)
    assert "Återtagen av Karin Lind: Freja har slutat" in karin.get("staff.referral", referral_id=referral_id).text
    freja.get("staff.referral", referral_id=referral_id, expect=404)
    assert "Frågan är återtagen." in astrid.get("patient.rehabilitation").text
    assert not db.scalars(sa.select(Task).where(Task.referral_id == referral_id, Task.status != "completed")).all()


def test_sent_back_it_needs_a_reason_and_is_the_nurses_task(
    freja: Human, karin: Human, astrid: Human, referral_id: UUID
) -> None:
    freja.get("staff.referral", referral_id=referral_id)
    page = freja.post("staff.return_referral", {"reason": " "}, referral_id=referral_id, expect=422)
    assert "Skriv varför remissen går tillbaka." in page.text
    freja.post("staff.return_referral", {"reason": "Såret måste läka först"}, referral_id=referral_id)
    freja.get("staff.referral", referral_id=referral_id, expect=404)
    listed = karin.get("staff.worklist")
    link = next(row for row in listed.select("tbody tr") if "Kom tillbaka" in row.text).select_one("th a")
    page = karin.open(link["href"])
    assert "Du frågade: ”Kan hon träna?”" in page.text
    assert "accepted" not in [box["value"] for box in page.select("input[name=outcome]")]
    assert "Karin Lind hör av sig." in astrid.get("patient.rehabilitation").text


def test_a_double_click_and_a_colleague_get_one_answer(freja: Human, db: Session, referral_id: UUID) -> None:
    accepted(freja, referral_id)
    freja.post("staff.accept_referral", {}, referral_id=referral_id)
    assert "Någon har redan svarat på remissen." in freja.follow(freja.response).text
    assert len(db.scalars(sa.select(Task).where(Task.kind == TaskKind.REFERRAL)).all()) == 1


def test_a_task_of_a_waiting_referral_is_not_closed_past_it(
    freja: Human, karin: Human, db: Session, referral_id: UUID
) -> None:
    task_id = db.scalars(sa.select(Task.id).where(Task.referral_id == referral_id)).one()
    db.rollback()
    for human in (freja, karin):
        human.get("staff.worklist")
        human.get("staff.case", task_id=task_id, expect=303)
        human.post("staff.case", {"outcome": "no-action", "reason": "Nej"}, task_id=task_id)
        assert human.location == human.url("staff.referral", referral_id=referral_id)
    assert db.get_one(Task, task_id).status != "completed"


def test_the_receiver_sets_a_goal_picks_exercises_and_ends_the_episode(
    freja: Human, astrid: Human, karin: Human, db: Session, clinic: make.Clinic, referral_id: UUID
) -> None:
    accepted(freja, referral_id)
    plan_id = db.get_one(Referral, referral_id).plan_id
    db.rollback()
    freja.get("staff.goal", plan_id=plan_id)
    freja.post("staff.goal", GOAL, plan_id=plan_id)
    assert freja.location == freja.url("staff.referral", referral_id=referral_id)
    goal_id = db.scalars(sa.select(Goal.id)).one()
    db.rollback()
    freja.get("staff.pick_exercises", goal_id=goal_id)
    freja.post("staff.pick_exercises", {"exercise": ["short-walk", "calm-breathing"]}, goal_id=goal_id)
    page = astrid.get("patient.rehabilitation")
    assert "Gå i din egen takt." in page.text and "Ingen kliniker har granskat den." in page.text
    freja.get("staff.referral", referral_id=referral_id)
    page = freja.post("staff.close_referral", {"summary": ""}, referral_id=referral_id, expect=422)
    assert "Skriv vad insatsen ledde till." in page.text
    freja.post("staff.close_referral", {"summary": "Går längre nu"}, referral_id=referral_id)
    freja.get("staff.rehabilitation", plan_id=plan_id, expect=404)
    assert "Går längre nu" in astrid.get("patient.rehabilitation").text
    assert "Freja Holm, fysioterapeut: Går längre nu" in karin.get("staff.rehabilitation", plan_id=plan_id).text
    assert "Går längre nu" in karin.get("staff.patient", patient_id=clinic.patient["astrid"]).text


def test_exercises_must_be_chosen_and_their_codes_configured(
    karin: Human, db: Session, clinic: make.Clinic, referral_id: UUID
) -> None:
    karin.get("staff.needs", patient_id=clinic.patient["astrid"])
    karin.post("staff.needs", GOAL, patient_id=clinic.patient["astrid"])
    goal_id = db.scalars(sa.select(Goal.id)).one()
    db.rollback()
    page = karin.get("staff.pick_exercises", goal_id=goal_id)
    assert "Registrera DV200" in page.text
    page = karin.post("staff.pick_exercises", {}, goal_id=goal_id, expect=422)
    assert "Välj minst en." in page.text
    page = karin.post("staff.pick_exercises", {"exercise": "short-walk", "code": "ZZ"}, goal_id=goal_id, expect=422)
    assert "Koden ZZ är inte inlagd av regionen." in page.text


def test_the_nurse_refers_from_the_needs_page(
    karin: Human, freja: Human, db: Session, clinic: make.Clinic, referral_id: UUID
) -> None:
    page = karin.get("staff.needs", patient_id=clinic.patient["astrid"])
    offered = [words(option) for option in page.select("#refer_to option")]
    assert offered == ["Ingen remiss", "Fysioterapeut", "Freja Holm, fysioterapeut"]
    to_freja = page.select("#refer_to option")[2]["value"]
    sent = {"key": page.select_one("input[name=key]")["value"], "refer_to": to_freja, "question": "Och axeln?"}
    for _click in range(2):
        karin.post("staff.needs", sent | {"level-pain": "basic"} | TALK, patient_id=clinic.patient["astrid"])
    made = db.scalars(sa.select(Referral).where(Referral.id != referral_id)).one()
    assert (made.question, made.practitioner_id) == ("Och axeln?", clinic.practitioner["freja"])
    db.rollback()
    assert "Och axeln?" in freja.get("staff.referrals").text


def test_a_team_member_keeps_the_patient_after_the_episode(
    app: Flask, db: Session, clinic: make.Clinic, referral_id: UUID
) -> None:
    db.add(
        CareTeamMember(
            patient_id=clinic.patient["astrid"],
            practitioner_id=clinic.practitioner["freja"],
            unit_id=clinic.unit.id,
            role=clinic.actor["freja"].capacity,
            from_on=make.LONG_AGO,
        )
    )
    db.commit()
    freja = Human(app, "freja")
    accepted(freja, referral_id)
    freja.post("staff.close_referral", {"summary": "Klart"}, referral_id=referral_id)
    freja.get("staff.patient", patient_id=clinic.patient["astrid"])


def test_reading_a_referral_is_logged(freja: Human, db: Session, clinic: make.Clinic, referral_id: UUID) -> None:
    freja.get("staff.referral", referral_id=referral_id)
    event = db.scalars(sa.select(AuditEvent).where(AuditEvent.action == "read-referral")).one()
    assert (event.patient_id, event.person_name) == (clinic.patient["astrid"], "Freja Holm")


def test_overdue_reviews_stand_first_with_how_late_they_are(
    app: Flask, karin: Human, db: Session, clinic: make.Clinic, referral_id: UUID, clock: Clock
) -> None:
    karin.get("staff.needs", patient_id=clinic.patient["astrid"])
    karin.post("staff.needs", GOAL, patient_id=clinic.patient["astrid"])
    assert "Ingen uppföljning är försenad." in karin.get("staff.reviews").text
    clock.at = make.MONDAY + timedelta(days=17)
    page = Human(app, "karin").get("staff.reviews")
    assert "Försenade, 1" in page.text and "2 dagar försenad" in page.text
    rehabilitation = Human(app, "astrid").get("patient.rehabilitation").text
    assert "Uppföljningen skulle ha varit tisdag 1 december. Du behöver inte göra något." in rehabilitation
