"""The page of a question: what our own macros cost, beside the same HTML written by hand in Jinja."""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, before_render_template
from jinja2 import Template

from careplan.library import Library
from tests import make, stories
from tests.actions import forms
from tests.bench.conftest import cpu_seconds
from tests.people import Human

pytestmark = [pytest.mark.bench, pytest.mark.parametrize("database", ["sqlite"], indirect=True)]

BY_HAND = Path(__file__).with_name("question_by_hand.html")
MOST_TIMES = 2.0


def test_a_question_page_costs_at_most_twice_what_it_costs_by_hand(
    app: Flask, db: Any, clinic: make.Clinic, library: Library, astrid: Human, figure: Callable[..., None]
) -> None:
    draft = forms.begin(db, forms.ask(db, library, clinic, stories.FORM), by=clinic.actor["astrid"])
    db.commit()
    by_hand = app.jinja_env.from_string(BY_HAND.read_text())
    found: dict[str, Any] = {}

    def measure(_app: Flask, template: Template, context: dict[str, Any]) -> None:
        """Inside the request, where the page's own context is."""
        found["html"] = [normal(each.render(context)) for each in (template, by_hand)]
        found["seconds"] = [cpu_seconds(partial(each.render, context), rounds=50) for each in (template, by_hand)]

    with before_render_template.connected_to(measure, app):
        astrid.client.get(f"/fragor/{draft.id}/fraga/pain")
    ours, theirs = found["html"]
    assert ours == theirs
    ours, theirs = found["seconds"]
    figure("a question page, our template", ours * 1e6, "µs")
    figure("the same HTML by hand in Jinja", theirs * 1e6, "µs")
    figure("our template against the one by hand", ours / theirs, "times", at_most=MOST_TIMES)


def normal(html: str) -> str:
    """Without the white space between elements, which says nothing."""
    return re.sub(r"\s*(<[^>]+>)\s*", r"\1", re.sub(r"\s+", " ", html)).strip()
