"""What patients meet, and relatives with what was shared."""

from flask import Blueprint

bp = Blueprint("patient", __name__)

from careplan.web.patient import (  # noqa: E402, F401  (their routes)
    access_log,
    activities,
    answer,
    blocks,
    correct,
    home,
    instances,
    invitation,
    messages,
    notes,
    pause,
    plan,
    rehabilitation,
    rehabilitation_plan,
    resources,
    rest,
    review,
    sharing,
    timeline,
    told,
    treatment_summary,
    trends,
    unsent,
    versions,
    wishes,
)
