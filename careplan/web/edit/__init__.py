"""What content editors meet."""

from flask import Blueprint

bp = Blueprint("edit", __name__)

from careplan.web.edit import drafts, forms, home, previews, templates, texts  # noqa: E402, F401  (their routes)
