"""What clinical staff meet."""

from flask import Blueprint

bp = Blueprint("staff", __name__)

from careplan.web.staff import (  # noqa: E402, F401  (their routes)
    absences,
    blocks,
    case,
    death,
    goals,
    handovers,
    letters,
    medium,
    messages,
    needs,
    offers,
    own_chapters,
    paper,
    patients,
    plan_language,
    plans,
    prepare,
    referrals,
    rehabilitation,
    resources,
    rules,
    tablet,
    taking_over,
    template_changes,
    treatment_summary,
    trends,
    versions,
    worklist,
)
