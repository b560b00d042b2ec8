"""careplan questionnaire import and export."""

import json
import re
from pathlib import Path

import pytest

from careplan.cli import main
from tests.content import files
from tests.fhir.forms import choice, item, questionnaire


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A small content directory of this test's own."""
    return files.write(tmp_path / "content")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "walks.json"
    path.write_text(json.dumps(questionnaire(item("a"), item("b", "quantity"), choice("c", "x", "x"))))
    return path


def careplan(*arguments: object) -> int:
    with pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    return int(ended.value.code or 0)


def test_a_dry_run_says_what_would_become_of_each_item_and_writes_nothing(
    content: Path, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert careplan("questionnaire", "--content", content, "import", "--dry-run", file) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "mapped item[0] 'a' -> a (integer)" in lines
    assert "kept item[1] 'b': a number with a unit to choose is not asked for yet" in lines
    assert "refused item[2] 'c': the option 'x' stands twice" in lines
    assert lines[-1] == "items: 1 mapped, 1 kept, 1 refused"
    assert not (content / "drafts").exists()


def test_an_import_writes_a_draft_says_what_is_left_to_do_and_exports_it_again(
    content: Path, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert careplan("questionnaire", "--content", content, "import", file) == 0
    out = capsys.readouterr().out
    assert "to do before it is published: the scoring is not declared" in out
    assert re.search(r"draft: \S+/drafts/walks.yaml\nitems: 1 mapped, 1 kept, 1 refused\s*$", out)
    assert careplan("questionnaire", "--content", content, "export", "walks") == 0
    assert [each["linkId"] for each in json.loads(capsys.readouterr().out)["item"]] == ["a", "b"]
    assert careplan("questionnaire", "--content", content, "list") == 0
    assert "walks" not in capsys.readouterr().out


def test_an_import_over_an_earlier_draft_is_refused(
    content: Path, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert careplan("questionnaire", "--content", content, "import", file) == 0
    assert careplan("questionnaire", "--content", content, "import", file) == 1
    assert "exists already; --replace writes over it" in capsys.readouterr().err
    assert careplan("questionnaire", "--content", content, "import", "--replace", file) == 0


@pytest.mark.parametrize("text", ['{"resourceType": "Questionnaire",\n "item": [}', '{"resourceType": "Patient"}', ""])
def test_a_file_refused_as_a_whole_ends_with_one_line_and_its_reason(
    text: str, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(text)
    assert careplan("questionnaire", "import", "--dry-run", file) == 1
    printed = capsys.readouterr()
    assert printed.out == "" and printed.err.count("\n") == 1 and f"{file}" in printed.err


@pytest.mark.parametrize("questionnaire_id", ["nobody", "../walks", ""])
def test_what_is_not_there_cannot_be_exported(
    content: Path, questionnaire_id: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert careplan("questionnaire", "--content", content, "export", questionnaire_id) == 1
    assert "there is no questionnaire" in capsys.readouterr().err


def test_a_published_questionnaire_is_exported_under_the_regions_address(capsys: pytest.CaptureFixture[str]) -> None:
    assert careplan("questionnaire", "export", "--base", "https://fhir.example.org/", "weekly-symptoms") == 0
    exported = json.loads(capsys.readouterr().out)
    assert exported["url"] == "https://fhir.example.org/Questionnaire/weekly-symptoms"
    assert exported["status"] == "active"
