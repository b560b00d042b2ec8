"""What content editors meet."""

from flask import Blueprint

bp = Blueprint("edit", __name__)
