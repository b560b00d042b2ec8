"""Every route, every person, one patient with canaries planted: who reaches what, and what a refusal gives away.

A route without a row in RULES fails; a row without a route fails, too.
"""

from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from careplan.actions import (
    absences,
    needs,
    plans,
    referrals,
    rehabilitation,
    responses,
    treatment_summaries,
)
from careplan.domain.needs import NeedLevel
from careplan.library import Library, compile_questionnaire
from careplan.models import (
    ActivityReport,
    AuditEvent,
    AuditEventPatient,
    CarePlan,
    Draft,
    Membership,
    OwnEvent,
    PatientNote,
    Share,
    Task,
)
from careplan.web.access import PUBLIC
from tests import stories
from tests.actions import forms, texts
from tests.content.grouped import GROUPED
from tests.make import MONDAY, Clinic
from tests.people import Human
from tests.web.access_rules import FAMILY, NURSES, OF_HANDOVER, OF_REFERRAL, PEOPLE, RULES, Astrid
from tests.web.handed_over import block, handover
from tests.web.own_things import own_things
from tests.web.written import written

CANARY = "kanarie"
REFUSED = {403, 404}  # 403: the capacity may not do this to anybody, whatever the address names

pytestmark = pytest.mark.usefixtures("printed_once")


@pytest.fixture
def her(db: Session, library: Library, clinic: Clinic) -> Astrid:
    """Astrid's story, through the actions, with a canary in each text."""
    karin, astrid = clinic.actor["karin"], clinic.actor["astrid"]
    plan = stories.signed_plan(db, library, clinic)
    shown = {chapter.chapter_id for chapter in plan.chapters if chapter.is_shown}
    first = next(chapter.chapter_id for chapter in plan.chapters if chapter.is_shown)
    plans.edit(
        db,
        library,
        plan,
        treatments=(),
        shown=shown,
        notes={first: f"{CANARY} note"},
        greeting=f"{CANARY} greeting",
        phase=plan.phase,
        by=karin,
        at=MONDAY,
    )
    plans.add_appointment(
        db,
        plan,
        starts_at=MONDAY + timedelta(days=3),
        title=f"{CANARY} visit",
        place="",
        preparation="",
        by=karin,
        at=MONDAY,
    )
    plans.sign(db, library, plan, contact=stories.contact(db, clinic, "astrid"), by=karin, at=MONDAY)
    parts = {"diagnosis": f"{CANARY} diagnosis", "phone": "0980-319 210"}
    treatment_summaries.save(db, plan, parts, by=karin, at=MONDAY)
    treatment_summaries.sign(
        db, plan, title="Bröstcancer", contact=stories.contact(db, clinic, "astrid"), by=karin, at=MONDAY
    )
    response = stories.sent(
        db, library, clinic, "astrid", {"breathlessness": 9}, comment=f"{CANARY} comment", wants_contact=True
    )
    task = stories.task_of(db, response)
    needs.assess(
        db,
        plan,
        response_id=response.id,
        levels={"strength": NeedLevel.BASIC},
        notes={"strength": f"{CANARY} area"},
        summary=f"{CANARY} summary",
        by=karin,
        at=MONDAY,
    )
    goal = needs.set_goal(
        db,
        plan,
        text=f"{CANARY} goal",
        measure="",
        review_on=MONDAY.date() + timedelta(days=14),
        activities=[needs.PlannedActivity(text=f"{CANARY} walk", timing="", responsible_id=None)],
        contact=stories.contact(db, clinic, "astrid"),
        by=karin,
        at=MONDAY,
    )
    request = responses.request(
        db,
        library,
        patient_id=clinic.patient["astrid"],
        unit_id=clinic.unit.id,
        questionnaire_id=stories.FORM,
        entry_key="open",
        opens_at=MONDAY - timedelta(days=1),
        due_at=MONDAY + timedelta(days=2),
        closes_at=MONDAY + timedelta(days=5),
        by=karin,
        at=MONDAY,
    )
    draft = responses.start(db, request, lang="sv", by=astrid, at=MONDAY)
    form = library.questionnaire(stories.FORM)
    link_id = "breathlessness"
    responses.save_answer(db, form, draft, link_id, stories.answered(9), by=astrid, at=MONDAY)
    share_id = db.scalars(sa.select(Share.id)).one()
    absence = absences.plan(
        db,
        practitioner_id=karin.practitioner_id,
        unit_id=clinic.unit.id,
        first_on=MONDAY.date() + timedelta(days=3),
        last_on=MONDAY.date() + timedelta(days=4),
        cover_id=clinic.practitioner["nils"],
        by=karin,
        at=MONDAY,
    )
    referral = referrals.refer(
        db,
        plan,
        profession="physiotherapist",
        known={"physiotherapist"},
        areas=["strength"],
        question=f"{CANARY} question",
        contact=stories.contact(db, clinic, "astrid"),
        by=karin,
        at=MONDAY,
    )
    made = Astrid(
        patient_id=clinic.patient["astrid"],
        plan_id=plan.id,
        chapter_id=first,
        request_id=request.id,
        draft_id=draft.id,
        grouped_id=_grouped_draft(db, clinic).id,
        response_id=response.id,
        task_id=task.id,
        goal_id=goal.id,
        referral_id=referral.id,
        revision_id=rehabilitation.sign(db, plan, summary=f"{CANARY} rehabilitation", by=karin, at=MONDAY).id,
        share_id=share_id,
        absence_id=absence.id,
        seat_id=db.scalars(sa.select(Membership.id).where(Membership.practitioner_id == karin.practitioner_id)).one(),
        unit_id=clinic.unit.id,
        link_id=link_id,
        content_draft_id=texts.edit(db, library, clinic).id,
        **written(db, library, clinic, CANARY),
        handover_id=handover(db, clinic, plan, CANARY).id,
        block_id=block(db, clinic).id,
        **own_things(db, clinic, goal, CANARY),
    )
    db.commit()
    return made


def _grouped_draft(db: Session, clinic: Clinic) -> Draft:
    """A form with a group that repeats, begun."""
    form = compile_questionnaire(GROUPED, "grouped.yaml")
    asked = forms.ask(db, forms.publish(db, form, GROUPED), clinic, form.id)
    draft = forms.begin(db, asked, by=clinic.actor["astrid"])
    forms.fill(db, form, draft, {"taken": "yes", "medicine": f"{CANARY} medicine"}, by=clinic.actor["astrid"])
    return draft


def methods(app: Flask, endpoint: str) -> set[str]:
    return {method for rule in app.url_map.iter_rules(endpoint) for method in (rule.methods or set())} & {"GET", "POST"}


def test_every_route_has_its_row(app: Flask) -> None:
    routes = {rule.endpoint for rule in app.url_map.iter_rules()} - PUBLIC
    assert routes == set(RULES)


@pytest.mark.parametrize("who", PEOPLE)
def test_nobody_reaches_what_is_not_theirs(app: Flask, db: Session, her: Astrid, who: str) -> None:
    human = Human(app, who)
    human.get("account.settings")
    before = _changes(db)
    for endpoint, rule in RULES.items():
        if who in rule.allowed:
            continue
        url = human.url(endpoint, **rule.values(her))
        nowhere = human.url(endpoint, **{name: _another(value) for name, value in rule.values(her).items()})
        for method in methods(app, endpoint):
            send = human.open if method == "GET" else human.send
            refused = send(url, endpoint=endpoint, expect=REFUSED)
            text = human.response.get_data(as_text=True)
            assert CANARY not in text, f"{who} at {endpoint}"
            assert who == "astrid" or "Astrid" not in text, f"{who} at {endpoint}"
            if nowhere != url:
                same = send(nowhere, endpoint=endpoint, expect=REFUSED)
                assert same.told() == refused.told(), f"{who} can tell at {endpoint}"
    assert _changes(db) == before, f"{who} changed something"


@pytest.mark.parametrize("is_printed", [False, pytest.param(True, marks=pytest.mark.slow)], ids=["pages", "documents"])
@pytest.mark.parametrize("who", PEOPLE)
def test_everybody_reaches_what_is_theirs_and_the_log_says_so(
    app: Flask, db: Session, her: Astrid, who: str, is_printed: bool
) -> None:
    human = Human(app, who)
    for endpoint, rule in RULES.items():
        url = human.url(endpoint, **rule.values(her))
        if who not in rule.allowed or "GET" not in methods(app, endpoint) or url.endswith(".pdf") is not is_printed:
            continue
        seen = _last_event(db)
        response = human.client.get(url)
        assert response.status_code in {200, 302}, f"{who} at {endpoint}: {response.status_code}"
        is_document = response.mimetype == "application/pdf"
        text = "" if is_document else response.get_data(as_text=True)
        if (is_document and endpoint != "edit.proof") or CANARY in text:  # a template's proof is nobody's
            assert her.patient_id in _patients_since(db, seen), f"{who} read of Astrid at {endpoint}: no row in the log"
        theirs = {"freja": OF_REFERRAL, "lars": OF_HANDOVER}.get(who, set())
        if who not in NURSES | FAMILY and endpoint not in theirs:
            assert CANARY not in text, f"{who} reads of Astrid at {endpoint}"


def test_a_refused_attempt_stands_in_the_log(app: Flask, db: Session, her: Astrid, lars: Human) -> None:
    lars.get("staff.case", task_id=her.task_id, expect=404)
    denied = db.scalars(sa.select(AuditEvent).where(AuditEvent.outcome == "denied")).one()
    assert (denied.person_name, denied.object_id) == ("Lars Wik", str(her.task_id))


def test_what_the_family_may_not_see_is_not_hinted_at(app: Flask, her: Astrid, lina: Human) -> None:
    page = lina.get("patient.home")
    assert "kanarie comment" not in page.text
    assert not page.select(f'a[href*="{her.response_id}"]')


def test_access_ends_at_once_when_it_is_taken_back(app: Flask, her: Astrid, astrid: Human, lina: Human) -> None:
    lina.get("patient.chapter", plan_id=her.plan_id, chapter_id=her.chapter_id)
    astrid.get("patient.sharing")
    astrid.post("patient.end_sharing", share_id=her.share_id)
    lina.get("patient.chapter", plan_id=her.plan_id, chapter_id=her.chapter_id, expect=404)
    lina.get("documents.pdf", plan_id=her.plan_id, expect=404)


def _another(value: object) -> object:
    return UUID(int=0x4000_8000_0000_0000_0000) if isinstance(value, UUID) else value


def _changes(db: Session) -> tuple[object, ...]:
    """What a refused request must leave as it was."""
    db.rollback()
    db.expire_all()
    found = (
        db.scalar(sa.select(sa.func.max(Draft.version))),
        db.scalar(sa.select(sa.func.max(CarePlan.version))),
        db.scalar(sa.select(sa.func.count()).select_from(Share).where(Share.to_at.is_(None))),
        tuple(db.scalars(sa.select(Task.version).order_by(Task.id))),
        db.scalar(sa.select(sa.func.count()).select_from(ActivityReport)),
        db.scalar(sa.select(sa.func.count()).select_from(OwnEvent).where(OwnEvent.removed_at.is_(None))),
        db.scalar(sa.select(sa.func.count()).select_from(PatientNote).where(PatientNote.answered_at.is_(None))),
    )
    db.rollback()
    return found


def _last_event(db: Session) -> int:
    found = db.scalar(sa.select(sa.func.max(AuditEvent.id))) or 0
    db.rollback()
    return found


def _patients_since(db: Session, event_id: int) -> set[UUID]:
    one = db.scalars(sa.select(AuditEvent.patient_id).where(AuditEvent.id > event_id))
    many = db.scalars(sa.select(AuditEventPatient.patient_id).where(AuditEventPatient.event_id > event_id))
    found = {patient_id for patient_id in [*one, *many] if patient_id}
    db.rollback()
    return found
