"""The log is read by the one it is about: each action of the code has a plain phrase."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import careplan
from careplan.web.log_words import WORDS

# About nobody's care: no patient meets them in the log.
ABOUT_NO_PATIENT = {
    "employ",
    "list-accounts",
    "list-licences",
    "list-staff",
    "list-units",
    "open-provider",
    "open-unit",
    "publish-questionnaire",
    "read-experience",
    "read-unit",
    "record-licence",
}


@pytest.mark.slow
def test_each_action_that_the_code_records_has_a_phrase():
    recorded = set(_recorded(Path(careplan.__file__).parent))
    assert "sign-plan" in recorded
    assert recorded - ABOUT_NO_PATIENT - set(WORDS) == set()


def _recorded(root: Path) -> Iterator[str]:
    """The action in each `audit.record(db, "read-plan", ...)`."""
    for file in root.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "record":
                for argument in node.args:
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                        yield argument.value
