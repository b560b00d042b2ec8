"""What clinical staff meet."""

from flask import Blueprint

bp = Blueprint("staff", __name__)

from careplan.web.staff import (  # noqa: E402, F401  (their routes)
    case,
    needs,
    own_chapters,
    paper,
    patients,
    plans,
    resources,
    tablet,
    trends,
    worklist,
)
