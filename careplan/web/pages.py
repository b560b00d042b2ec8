"""A page: commit first, then render, so that no template is rendered inside a write transaction."""

from typing import Any

from flask import g, render_template

from careplan.db import session


def page(template: str, **context: Any) -> str:
    """Commit what was read, logged and changed, then render. A query from within a template is a fault."""
    session().commit()
    g.rendering = True
    try:
        return render_template(template, **context)
    finally:
        g.rendering = False
