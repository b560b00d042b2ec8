"""What patients meet, and relatives with what was shared."""

from flask import Blueprint

bp = Blueprint("patient", __name__)

from careplan.web.patient import access_log, answer, correct, home, plan, rehabilitation, review, sharing, trends  # noqa: E402, F401  (their routes)
