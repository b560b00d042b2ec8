"""What patients meet, and relatives with what was shared."""

from flask import Blueprint

bp = Blueprint("patient", __name__)

from careplan.web.patient import (  # noqa: E402, F401  (their routes)
    access_log,
    answer,
    correct,
    home,
    instances,
    messages,
    pause,
    plan,
    rehabilitation,
    resources,
    review,
    sharing,
    trends,
    unsent,
    versions,
)
