"""What clinical staff meet."""

from flask import Blueprint

bp = Blueprint("staff", __name__)

from careplan.web.staff import case, needs, paper, patients, plans, tablet, trends, worklist  # noqa: E402, F401  (their routes)
