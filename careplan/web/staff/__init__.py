"""What clinical staff meet."""

from flask import Blueprint

bp = Blueprint("staff", __name__)

