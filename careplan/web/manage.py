"""What managers and administrators meet."""

from flask import Blueprint

bp = Blueprint("manage", __name__)
