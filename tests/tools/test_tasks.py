"""The page of timed tasks names each of them once, with tests that exist."""

import re

import pytest

from careplan.config import ROOT

ROWS = re.findall(r"(?m)^\| ([A-Z]\d?-\d+) \|.*\| ([^|]+) \| ([^|]+) \|$", (ROOT / "docs/tasks.md").read_text())
HOW_MANY = {"P1": 11, "P2": 11, "R": 8, "N": 13, "T": 9, "M": 9, "E": 10, "V": 8, "A": 11}


def test_each_task_stands_there_once_in_order() -> None:
    assert [row[0] for row in ROWS] == [f"{who}-{n}" for who, count in HOW_MANY.items() for n in range(1, count + 1)]


@pytest.mark.parametrize(("task", "held_by"), [(row[0], row[2]) for row in ROWS])
def test_it_names_a_test_that_exists_or_says_why_there_is_none(task: str, held_by: str) -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", held_by)
    assert named or held_by.startswith("not held yet: "), task
    for path, test in named:
        assert re.search(rf"(?m)^def {test}\(", (ROOT / path).read_text()), f"{task}: {path} has no {test}"
