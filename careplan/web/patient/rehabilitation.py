"""The rehabilitation plan as patient and team agreed on it: goals, what to do, who does it, when to look back."""

from uuid import UUID, uuid4

from flask import current_app

from careplan.actions import audit
from careplan.db import session
from careplan.domain.identity import Capacity
from careplan.domain.sharing import GOALS
from careplan.i18n import lang, local
from careplan.library.professions import Professions, professions
from careplan.models import Patient
from careplan.queries import needs as queries
from careplan.queries import own
from careplan.queries import referrals as referral_queries
from careplan.queries import rehabilitation as rehabilitations
from careplan.queries.access import NotVisible, get_patient_for, may_read_part, scopes_of
from careplan.web import access
from careplan.web.labels import GOAL_OUTCOMES
from careplan.web.pages import page
from careplan.web.patient import bp
from careplan.web.reports import told


@bp.get("/rehabilitering")
def rehabilitation() -> str:
    """Goals under way, then those that are closed. Levels of need are the team's own and are not shown."""
    db, by, at = session(), access.actor(), access.now()
    patient = _patient()
    goals = queries.goals_of(db, by, patient.id, at=at)
    plan = queries.active_plan(db, by, patient.id, at=at)
    audit.record(db, "read-goals", by=by, at=at, patient_id=patient.id, object_type="patient", object_id=patient.id)
    doers: dict[UUID, str] = {
        each.responsible_id: f"{each.responsible.name}, {each.responsible.title}"
        for goal in goals
        for each in goal.activities
        if each.responsible_id and each.responsible
    }
    active, scopes = [goal for goal in goals if goal.status == "active"], scopes_of(db, by, at=at)
    standing = rehabilitations.versions(db, by, plan.id, at=at) if plan else []
    return page(
        "patient/rehabilitation.html",
        version=standing[0] if standing else None,
        referrals=referral_queries.of_patient(db, by, patient.id, at=at),
        profession_words={id_: each.named(lang()) for id_, each in _professions().professions.items()},
        today=local(at).date(),
        goals=active,
        reports=told(own.reports_of(db, [goal.id for goal in active]), at),
        may_report={"plan", "help"} <= scopes,
        keys={activity.id: uuid4() for goal in active for activity in goal.activities},
        closed=[goal for goal in goals if goal.status != "active"],
        plan=plan,
        given_name=patient.person.given_name,
        is_own=by.capacity is Capacity.PATIENT,
        may_print="documents" in scopes,
        doers=doers,
        outcome_words=GOAL_OUTCOMES,
        now=at,
    )


def _professions() -> Professions:
    return professions(current_app.extensions["settings"].content_path)


def _patient() -> Patient:
    """One's own record, or that of the person who has shared the plan."""
    db, by, at = session(), access.actor(), access.now()
    if by.patient_id is None or "plan" not in scopes_of(db, by, at=at) or not may_read_part(db, by, GOALS, at=at):
        raise NotVisible("goal", "")
    return get_patient_for(db, by, by.patient_id, at=at)
