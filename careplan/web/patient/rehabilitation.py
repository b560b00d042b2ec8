"""The rehabilitation plan as patient and team agreed on it: goals, what to do, who does it, when to look back."""

from uuid import UUID

from careplan.actions import audit
from careplan.db import session
from careplan.domain.identity import Capacity
from careplan.models import Patient
from careplan.queries import needs as queries
from careplan.queries.access import NotVisible, get_patient_for, scopes_of
from careplan.web import access
from careplan.web.labels import GOAL_OUTCOMES
from careplan.web.pages import page
from careplan.web.patient import bp


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
    return page(
        "patient/rehabilitation.html",
        goals=[goal for goal in goals if goal.status == "active"],
        closed=[goal for goal in goals if goal.status != "active"],
        plan=plan,
        given_name=patient.person.given_name,
        is_own=by.capacity is Capacity.PATIENT,
        may_print="documents" in scopes_of(db, by, at=at),
        doers=doers,
        outcome_words=GOAL_OUTCOMES,
        now=at,
    )


def _patient() -> Patient:
    """One's own record, or that of the person who has shared the plan."""
    db, by, at = session(), access.actor(), access.now()
    if by.patient_id is None or "plan" not in scopes_of(db, by, at=at):
        raise NotVisible("goal", "")
    return get_patient_for(db, by, by.patient_id, at=at)
