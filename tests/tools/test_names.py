"""An endpoint, its function and its template have one name, so that who knows one finds the others."""

import pytest
from flask import Flask

from careplan.config import ROOT

TEMPLATES = ROOT / "careplan/templates"
# Other pages that an endpoint may answer with.
OTHER_ANSWERS = {
    "patient/already_sent": "patient.review",
    "patient/group": "patient.answer",
    "staff/chapter_preview": "staff.plan_preview",
    "staff/no_plan": "staff.needs",
}


@pytest.fixture(scope="module")
def pages(_app: Flask) -> dict[str, str]:
    """Each endpoint of a blueprint, and the name of its function."""
    return {name: view.__name__ for name, view in _app.view_functions.items() if "." in name}


def test_each_endpoint_bears_its_functions_name(pages):
    other = {endpoint: function for endpoint, function in pages.items() if endpoint.partition(".")[2] != function}
    assert other == {}


def test_each_template_of_a_blueprint_bears_its_endpoints_name(pages):
    blueprints = {endpoint.partition(".")[0] for endpoint in pages}
    names = {
        f"{blueprint}/{path.stem}"
        for blueprint in blueprints
        for path in (TEMPLATES / blueprint).glob("*.html")
        if path.stem != "base" and not path.stem.startswith("_")
    }
    nameless = {name for name in names if name.replace("/", ".") not in pages}
    assert nameless == OTHER_ANSWERS.keys()
    assert set(OTHER_ANSWERS.values()) <= pages.keys()
