"""Astrid's story, with one of each thing that a page can show, and a canary in each text."""

from datetime import timedelta

import sqlalchemy as sa
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
from careplan.models import Draft, Membership, Share
from tests import stories
from tests.actions import forms, texts
from tests.content.grouped import GROUPED
from tests.make import MONDAY, Clinic
from tests.web.access_rules import Astrid
from tests.web.handed_over import block, handover
from tests.web.own_things import own_things
from tests.web.written import written

CANARY = "kanarie"


def plant(db: Session, library: Library, clinic: Clinic) -> Astrid:
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
