"""Printed documents: choosing what to print, and the PDF."""

from flask import Blueprint

bp = Blueprint("documents", __name__)
