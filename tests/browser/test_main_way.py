"""From a template to a plan, an answered form, a nurse's decision and a PDF, in a real browser."""

from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.library import Library
from careplan.models import (
    AuditEvent,
    CarePlan,
    Flag,
    Goal,
    NeedsAssessment,
    OutboxMessage,
    QuestionnaireResponse,
    Score,
    Task,
)
from tests import stories
from tests.browser import walk
from tests.browser.visitor import PHONE, Visit, Visitor
from tests.make import MONDAY, Clinic

pytestmark = pytest.mark.browser


@pytest.fixture
def route(library: Library) -> walk.Route:
    """What there is to walk with: the first template of a diagnosis, and the shortest form that it asks for again."""
    plan = next(plan for plan in library.plans.values() if plan.icd10)
    forms = {entry.questionnaire for entry in plan.schedule if entry.times > 1}
    form = min((library.questionnaire(form_id) for form_id in forms), key=lambda form: len(form.items))
    return walk.route(library, plan.id, form.id)


def test_the_main_way_from_template_to_pdf(
    visit: Visit, route: walk.Route, db: Session, library: Library, clinic: Clinic, clock
) -> None:
    walk_the_main_way(visit, route, db, library, clinic, clock)


@pytest.mark.parametrize(("size", "javascript"), [(PHONE, False)], ids=["375-without-javascript"])
def test_the_main_way_without_javascript(
    visit: Visit, route: walk.Route, db: Session, library: Library, clinic: Clinic, clock
) -> None:
    walk_the_main_way(visit, route, db, library, clinic, clock)


def walk_the_main_way(visit: Visit, route: walk.Route, db: Session, library: Library, clinic: Clinic, clock) -> None:
    """All of it, as a nurse, a patient and her daughter do it."""
    stories.signed_plan(db, library, clinic, "bo")
    stories.sent(db, library, clinic, "bo", {"nausea": 7}, at=MONDAY - timedelta(hours=1))
    db.commit()
    clock.at = MONDAY - timedelta(minutes=30)
    astrid = visit("astrid")
    astrid.go("/plan")
    astrid.reads("Planen är inte klar än.")
    astrid.log_out()

    clock.at = MONDAY - timedelta(minutes=10)
    karin = visit("karin")
    walk.find_patient(karin, clinic.personnummer["astrid"])
    walk.write_plan(karin, route, walk.wall(clock.at))
    walk.preview_and_sign(karin, route)

    clock.at = MONDAY
    astrid.log_in("astrid")
    walk.read_home(astrid, route)
    walk.read_plan(astrid, route)
    astrid.go("/hem")
    walk.begin(astrid, route)
    walk.answer_all(astrid, route, route.limit, until=walk.LEFT_AT)
    walk.pause(astrid)
    at_home = visit("astrid")
    walk.go_on(at_home)
    walk.answer_all(at_home, route, route.limit)
    walk.change_one(at_home, route)
    walk.fill_wishes(at_home, route)
    send_twice(at_home)
    walk.read_receipt(at_home, "senast i dag klockan 12.20")
    stored_once(db, route, clinic.patient["astrid"], clinic.actor["astrid"].person_id)

    clock.at += timedelta(minutes=10)
    karin.log_in("karin")
    assert walk.rows(karin) == [walk.ASTRID, "Bo Sjöberg"]
    karin.reads("1 tim 50 min kvar")
    karin.link(walk.ASTRID)
    walk.read_case(karin, route, route.limit)
    walk.assess(karin)
    walk.close(karin)
    assert walk.rows(karin) == ["Bo Sjöberg"]
    decided(db, clinic.patient["astrid"])

    astrid.go("/hem")
    walk.read_what_happened(astrid)
    walk.read_rehabilitation(astrid)

    clock.at = MONDAY + timedelta(days=route.entry.every_days or 7)
    karin.log_in("karin")
    ask_again(karin, route, db, library, clinic, clock)
    astrid.log_in("astrid")
    walk.begin(astrid, route)
    walk.answer_all(astrid, route, route.worst)
    walk.fill_wishes(astrid, route)
    astrid.press("Skicka till Karin")
    walk.read_receipt(astrid, "senast i dag klockan 12.20")

    karin.go("/arbetslista")
    assert walk.rows(karin)[0] == walk.ASTRID
    walk.close_in_three_clicks(karin, lambda: walk.read_case(karin, route, route.worst))

    astrid.go("/hem")
    walk.read_trend(astrid, route, [route.worst, route.limit])
    everybody_prints(visit, astrid, karin, clinic)
    outsiders_find_nothing(visit, db, clinic)


def send_twice(astrid: Visitor) -> None:
    """A double click. Another tab and a re-sent POST have a test of their own."""
    astrid.page.get_by_role("button", name="Skicka till Karin").dblclick()
    astrid.page.wait_for_url("**/kvitto")
    astrid.check()


def ask_again(karin: Visitor, route: walk.Route, db: Session, library: Library, clinic: Clinic, clock) -> None:
    """By the schedule, as the worker does it; where the form comes only once, the nurse asks for it."""
    if route.is_repeated:
        plan = db.scalars(sa.select(CarePlan).where(CarePlan.patient_id == clinic.patient["astrid"])).one()
        stories.responses.order_due(db, library, plan, by=clinic.actor["karin"], at=clock.at)
        db.commit()
        return
    walk.find_patient(karin, clinic.personnummer["astrid"])
    karin.page.get_by_role("combobox", name="Formulär", exact=True).select_option(label=route.form.title["sv"])
    karin.press("Beställ")


def stored_once(db: Session, route: walk.Route, patient_id: UUID, person_id: UUID) -> None:
    """Response, scores, flag, task, notice and log row; one of each that must be one."""
    response = db.scalars(sa.select(QuestionnaireResponse).where(QuestionnaireResponse.patient_id == patient_id)).one()
    task = stories.task_of(db, response)
    assert (task.kind, task.level) == ("flag", "red")
    flags = db.scalars(sa.select(Flag).where(Flag.response_id == response.id)).all()
    assert [flag.item for flag in flags] == [route.item.link_id]
    scores = db.scalars(sa.select(Score.score_id).where(Score.response_id == response.id)).all()
    assert sorted(scores) == sorted(scale.id for scale in route.form.scores)
    told = sa.select(OutboxMessage).where(OutboxMessage.template == "new-answer", OutboxMessage.person_id == person_id)
    assert len(db.scalars(told).all()) == 1
    logged = db.scalars(sa.select(AuditEvent).where(AuditEvent.object_id == str(response.id))).all()
    assert [each.action for each in logged].count("submit-response") == 1
    db.rollback()


def decided(db: Session, patient_id: UUID) -> None:
    assessment = db.scalars(sa.select(NeedsAssessment).where(NeedsAssessment.patient_id == patient_id)).one()
    goal = db.scalars(sa.select(Goal).where(Goal.patient_id == patient_id)).one()
    task = db.scalars(sa.select(Task).where(Task.patient_id == patient_id, Task.kind == "flag")).one()
    assert assessment.id == goal.assessment_id and goal.review_on == walk.REVIEW_ON
    assert (task.status, task.outcome, task.next_step) == ("completed", "called", walk.NEXT_STEP)
    db.rollback()


def everybody_prints(visit: Visit, astrid: Visitor, karin: Visitor, clinic: Clinic) -> None:
    astrid.go("/plan")
    astrid.link("Skriv ut")
    walk.read_pdf(astrid, chapters="Inga kapitel")
    walk.find_patient(karin, clinic.personnummer["astrid"])
    karin.link("Skriv ut")
    walk.read_pdf(karin, chapters="Inga kapitel")
    lina = visit("lina")
    lina.go("/plan")
    lina.link("Skriv ut")
    walk.read_pdf(lina, chapters="Inga kapitel")


def outsiders_find_nothing(visit: Visit, db: Session, clinic: Clinic) -> None:
    patient_id = clinic.patient["astrid"]
    plan_id = db.scalars(sa.select(CarePlan.id).where(CarePlan.patient_id == patient_id)).one()
    db.rollback()
    for who, path in (("lars", f"/patienter/{patient_id}"), ("bo", f"/utskrift/{plan_id}")):
        stranger = visit(who)
        stranger.go(path, status=404)
        assert "Astrid" not in stranger.text
        denied = sa.select(AuditEvent.person_name).where(AuditEvent.outcome == "denied").order_by(AuditEvent.id.desc())
        assert db.scalars(denied).first() == clinic.actor[who].name
        db.rollback()
