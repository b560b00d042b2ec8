"""What patients meet, and relatives with what was shared."""

from flask import Blueprint

bp = Blueprint("patient", __name__)

