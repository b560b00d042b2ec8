"""An imported draft is not content: what must be said before it can be."""

from pathlib import Path
from typing import Any

import pytest

from careplan.fhir.drafts import DraftExists, draft_path, publishable, read_draft, write_draft
from careplan.library import Library
from tests.fhir.forms import Json, choice, imported, item, limits

DECLARED = {"status": "declared", "by": "Edith", "on": "2026-11-20"}


def complete() -> Json:
    """A draft for which somebody has said all that a file cannot."""
    draft = imported(item("steps", extension=limits(0, 10)), item("stairs", extension=limits(0, 10)), version="1").draft
    for each in draft["items"]:
        each["short"] = each["text"]
    score = {"id": "walking", "title": {"sv": "Gång"}, "items": ["steps", "stairs"], "method": "sum", "at_least": 2}
    return draft | {
        "purpose": {"sv": "Vi frågar om hur du går."},
        "recall_period": {"sv": "i dag"},
        "minutes": 1,
        "owner": "Vårdprocessgruppen (förslag)",
        "licence": {"kind": "own", "note": ""},
        "scoring": DECLARED,
        "scores": [score | {"range": [0, 20], "higher_means": "better", "source": "own"}],
        "golden": [
            {"name": "both", "answers": {"steps": 3, "stairs": 4}, "scores": {"walking": 7}},
            {"name": "one", "answers": {"steps": 3}, "scores": {"walking": None}},
        ],
    }


def test_a_draft_with_everything_declared_may_be_published() -> None:
    assert publishable(complete()) == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"scoring": {"status": "undeclared"}}, "the scoring is not declared"),
        ({"scoring": {"status": "declared"}}, "who declared it"),
        ({"scoring": DECLARED | {"status": "none"}}, "there are scores"),
        ({"scoring": DECLARED, "scores": [], "golden": []}, "there are no scores"),
        ({"licence": {"kind": "imported"}}, "licence"),
        ({"languages": {"sv": "original", "und": "translated"}}, "language"),
        ({"purpose": {"en": "Why"}}, "sv"),
        ({"golden": []}, "golden"),
        ({"golden": [{"name": "wrong", "answers": {"steps": 3, "stairs": 4}, "scores": {"walking": 9}}]}, "expected 9"),
    ],
)
def test_each_thing_unsaid_keeps_a_draft_from_being_published(change: Json, reason: str) -> None:
    assert reason in "; ".join(publishable(complete() | change))


def test_a_form_that_is_not_scored_says_so() -> None:
    draft = complete() | {"scoring": DECLARED | {"status": "none"}, "scores": [], "golden": []}
    assert publishable(draft) == []


@pytest.mark.parametrize("other", [item("b", "quantity"), choice("b", "yes", "yes")])
def test_an_item_that_is_not_asked_keeps_a_draft_back_until_somebody_says_why(other: Any) -> None:
    draft = complete() | {"kept": imported(item("a"), other).draft["kept"]}
    assert any(reason.startswith("item[1] of the file is") for reason in publishable(draft))
    for entry in (*draft["kept"]["items"], *draft["kept"]["refused"]):
        entry["left_out_because"] = "Edith 2026-11-20: hör till en annan fråga"
    assert publishable(draft) == []


def test_a_draft_is_written_beside_the_content_and_never_over_another(tmp_path: Path) -> None:
    draft = imported(item("a")).draft
    path = write_draft(draft, tmp_path)
    assert path == draft_path(tmp_path, "walks") and read_draft(path) == draft
    with pytest.raises(DraftExists):
        write_draft(imported(item("b")).draft, tmp_path)
    assert read_draft(path) == draft
    assert read_draft(write_draft(imported(item("b")).draft, tmp_path, replace=True))["items"][0]["link_id"] == "b"


def test_the_library_loads_no_draft(tmp_path: Path) -> None:
    write_draft(imported(item("a")).draft, tmp_path)
    assert "walks" not in Library.load(tmp_path).questionnaires
