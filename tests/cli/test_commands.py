"""The commands that others script against; bad input is one clear line and an exit code that is not 0."""

import json
import shutil
from pathlib import Path

import pytest
from pypdf import PdfReader

from careplan.config import ROOT
from tests.cli.command import careplan, demo
from tests.content import files

pytestmark = pytest.mark.slow

FORM = "weekly-symptoms"


@pytest.fixture(scope="module")
def one_plan(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A content directory with one short plan, and the made-up patient."""
    content = files.write(tmp_path_factory.mktemp("one-plan"))
    shutil.copytree(ROOT / "content/demo", content / "demo")
    return str(content)


@pytest.fixture(scope="module")
def one_form(tmp_path_factory: pytest.TempPathFactory) -> str:
    """That form and the one that follows it up, read in a fraction of the time that all content takes."""
    content = tmp_path_factory.mktemp("one-form")
    (content / "questionnaires").mkdir()
    for form in (FORM, "still-there"):
        shutil.copy(ROOT / "content/questionnaires" / f"{form}.yaml", content / "questionnaires")
    return str(content)


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["serve", "--nonsense"],
        ["serve", "--port", "0"],
        ["questionnaire", "show", "nonsense"],
        ["questionnaire", "score", "nonsense", "-"],
        ["questionnaire", "score", FORM, "no-such-file"],
        ["plan", "show", "nonsense"],
        ["plan", "pdf", "general", "-o", "no/such/directory/plan.pdf"],
        ["check", "no-such-directory"],
        ["demo", "load"],
        ["demo", "load", "--at", "yesterday"],
        ["db", "upgrade"],
        ["audit", "head"],
    ],
)
def test_bad_input_is_one_line_on_standard_error(arguments: list[str]) -> None:
    run = careplan(*arguments)
    assert run.code != 0
    assert run.out == ""
    assert run.err.startswith("careplan: ")
    assert run.err.count("\n") == 1


@pytest.mark.parametrize(
    ("answers", "about"),
    [
        ("{", "JSON"),
        ("[1]", "object"),
        ('{"nonsense": 1}', "nonsense"),
        ('{"pain": 11}', "pain"),
        ('{"pain": "much"}', "pain"),
        ('{"pain": true}', "pain"),
        ('{"pain": {"state": "lost"}}', "pain"),
        ('{"fever": "perhaps"}', "fever"),
    ],
)
def test_an_answer_that_cannot_be_is_named(one_form: str, answers: str, about: str) -> None:
    run = careplan("questionnaire", "--content", one_form, "score", FORM, "-", stdin=answers)
    assert run.code == 1
    assert about in run.err
    assert run.err.count("\n") == 1


def test_scores_come_as_json_one_for_each_set_of_answers(one_form: str, tmp_path: Path) -> None:
    answers = dict.fromkeys(("pain", "nausea", "eating", "bowel", "mouth"), 4)
    few = {"pain": 4, "nausea": None, "bowel": {"state": "not-shown"}}
    one = careplan("questionnaire", "--content", one_form, "score", FORM, "-", stdin=json.dumps(answers))
    assert json.loads(one.out)["scores"]["burden"] == 4
    file = tmp_path / "answers.json"
    file.write_text(json.dumps([answers, few]))
    many = careplan("questionnaire", "--content", one_form, "score", FORM, str(file))
    assert [each["scores"]["burden"] for each in json.loads(many.out)] == [4, None]


def test_what_is_loaded_is_listed_and_shown(one_form: str) -> None:
    listed = careplan("questionnaire", "list")
    assert FORM in listed.out
    shown = careplan("questionnaire", "--content", one_form, "show", FORM)
    assert "Andnöd minst" in shown.out


def test_a_template_is_shown_and_printed_for_a_made_up_patient(one_plan: str, tmp_path: Path) -> None:
    shown = careplan("plan", "--content", one_plan, "show", "general")
    assert "{{" not in shown.out
    assert "Ring Robin om du undrar." in shown.out
    printed = careplan("plan", "--content", one_plan, "pdf", "general", "-o", str(tmp_path / "plan.pdf"))
    assert (printed.code, printed.err) == (0, "")
    text = "".join(page.extract_text() for page in PdfReader(tmp_path / "plan.pdf").pages)
    assert "Robin Exempel" in text and "Du sover under operationen." in text


def test_check_names_file_and_line_and_fails_on_errors(tmp_path: Path) -> None:
    assert careplan("check").code == 0
    (tmp_path / "questionnaires").mkdir()
    (tmp_path / "questionnaires" / "broken.yaml").write_text("id: broken\nid: broken\n")
    run = careplan("check", str(tmp_path))
    assert run.code == 1
    assert "broken.yaml:2:" in run.out


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (
            {"questionnaire": files.changed(files.QUESTIONNAIRE, "link_id: where\n", "link_id: pain\n")},
            "questionnaires/short.yaml:21: the link_id 'pain' stands twice",
        ),
        (
            {"chapter": files.changed(files.CHAPTER, "unit.phone", "unit.fax")},
            "chapters/team.sv.md:9: unknown placeholder '{{ unit.fax }}'",
        ),
    ],
    ids=["link-id-twice", "no-such-placeholder"],
)
def test_a_fault_in_content_is_one_line_and_nothing_is_published(
    tmp_path: Path, fault: dict[str, str], said: str
) -> None:
    content = files.write(tmp_path / "content", **fault)
    run = careplan("check", str(content))
    assert run.code == 1 and said in run.out.splitlines()[0]
    environment = demo(tmp_path) | {"CAREPLAN_CONTENT_PATH": str(content)}
    assert careplan("db", "upgrade", **environment).code == 0
    published = careplan("content", "publish", **environment)
    assert published.code == 1 and published.err.startswith("careplan: ") and said in published.err
    assert "Traceback" not in published.err


def test_the_first_administrator_is_made_once(tmp_path: Path) -> None:
    environment = demo(tmp_path)
    assert careplan("db", "upgrade", **environment).code == 0
    wanted = ("account", "create", "olle", "--given-name", "Olle", "--family-name", "Öst")
    wanted += ("--provider", "Regionen", "--unit", "Mottagningen", "--password")
    short = careplan(*wanted, "short", **environment)
    assert (short.code, short.err) == (1, "careplan: the password must have at least 12 characters\n")
    made = careplan(*wanted, "correct horse battery", **environment)
    assert (made.code, made.err) == (0, "")
    again = careplan(*wanted, "correct horse battery", **environment)
    assert (again.code, again.err) == (1, "careplan: the user name 'olle' is taken\n")


def test_without_tables_the_way_out_is_said(tmp_path: Path) -> None:
    run = careplan("content", "publish", **demo(tmp_path))
    assert run.code == 1
    assert "careplan db upgrade" in run.err
    assert run.err.count("\n") == 1


def test_the_log_is_verified_against_a_head_kept_elsewhere(tmp_path: Path) -> None:
    environment = demo(tmp_path)
    careplan("db", "upgrade", **environment)
    assert careplan("demo", "load", "--patients", "8", **environment).code == 0
    head = careplan("audit", "head", **environment).out.strip()
    assert len(head) == 64
    assert careplan("audit", "verify", "--head", head, **environment).code == 0
    other = careplan("audit", "verify", "--head", "0" * 64, **environment)
    assert other.code == 1
    assert "head" in other.err
