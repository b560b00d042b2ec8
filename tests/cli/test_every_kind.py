"""Answers of every kind on the command line."""

import json
from pathlib import Path

import pytest

from tests.cli.command import careplan
from tests.content.every_kind import EVERY_KIND


@pytest.fixture
def content(tmp_path: Path) -> str:
    (tmp_path / "questionnaires").mkdir()
    (tmp_path / "questionnaires" / "every-kind.yaml").write_text(EVERY_KIND)
    return str(tmp_path)


def scored(content: str, answers: str):
    return careplan("questionnaire", "--content", content, "score", "every-kind", "-", stdin=answers)


def test_answers_of_every_kind_are_read(content: str) -> None:
    answers = {
        "pain": 37,
        "helper": {"codes": "other", "words": "Min granne"},
        "aids": {"codes": ["stick", "other"], "words": "En vagn"},
        "began": "2026-03",
        "smoked": 1987,
        "bedtime": "7.30",
        "visit": None,
    }
    run = scored(content, json.dumps(answers))
    assert (run.code, run.err, json.loads(run.out)) == (0, "", {"scores": {"burden": 37}})


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ('{"pain": 101}', "the answer to 'pain' cannot be used: out-of-range"),
        ('{"pain": NaN}', "the answer to 'pain' cannot be used: not-a-number"),
        ('{"pain": "37,5"}', "the answer to 'pain' cannot be used: not-a-number"),
        ('{"bedtime": "24:00"}', "the answer to 'bedtime' cannot be used: not-a-time"),
        ('{"bedtime": 7.30}', "the answer to 'bedtime' cannot be used: not-a-time"),
        ('{"visit": "2026-02-31"}', "the answer to 'visit' cannot be used: not-a-date"),
        ('{"visit": "2026-02"}', "the answer to 'visit' cannot be used: incomplete-date"),
        ('{"helper": {"codes": "partner", "words": "x"}}', "the answer to 'helper' cannot be used: words-elsewhere"),
        ('{"more": {"codes": "yes", "words": "x"}}', "the answer to 'more' cannot be used: unknown-option"),
        ('{"helper": {"codes": {"a": 1}, "words": "x"}}', "'helper': an answer is a number"),
        ('{"helper": {"codes": "other", "words": 7}}', "'helper': an answer's state is one of"),
    ],
)
def test_what_cannot_be_meant_is_named_by_its_question_with_the_reason(content: str, answers: str, said: str) -> None:
    run = scored(content, answers)
    assert (run.code, run.out) == (1, "")
    assert said in run.err


def test_the_kinds_are_shown(content: str) -> None:
    shown = careplan("questionnaire", "--content", content, "show", "every-kind").out
    assert "[vas 0-100]" in shown and "[time]" in shown
    assert "[date to the month at least]" in shown
    assert "[choice nobody|partner|other …]" in shown
    assert "Smärta minst 80 av 100" in shown
