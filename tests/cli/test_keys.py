"""careplan questionnaire score, list and show with scoring keys."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from careplan.cli import main
from careplan.config import ROOT

KEYS = ("gad2", "pro_ctcae", "must", "pg_sga_sf", "eq5d5l", "fact_g")


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some of the keys, which are read in a fraction of the time that all content takes."""
    content = tmp_path_factory.mktemp("few")
    (content / "instruments").mkdir()
    for key in KEYS:
        shutil.copy(ROOT / "content/instruments" / f"{key}.yaml", content / "instruments")
    return content


@pytest.fixture
def careplan(few: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    def run(*arguments: str, given: str | None = None) -> tuple[int, str, str]:
        if given is not None:
            file = tmp_path / "answers.json"
            file.write_text(given)
            arguments = (*arguments, str(file))
        with pytest.raises(SystemExit) as left:
            main(["questionnaire", "--content", str(few), *arguments])
        out, err = capsys.readouterr()
        return int(left.value.code or 0), out, err

    return run


def test_one_object_gives_one_object_and_a_list_gives_a_list(careplan) -> None:
    one = {"q1": 1, "q2": 0}
    assert json.loads(careplan("score", "gad2", given=json.dumps(one))[1]) == {"scores": {"total": 1.0}}
    both = json.loads(careplan("score", "gad2", given=json.dumps([one, {"q1": 1, "q2": None}]))[1])
    assert both == [{"scores": {"total": 1.0}}, {"scores": {"total": None}}]


@pytest.mark.parametrize(
    ("key", "answers", "score", "value"),
    [
        ("pro_ctcae", {"freq": 0, "sev": {"state": "not-shown"}}, "composite", 0.0),
        ("pro_ctcae", {"freq": 0, "sev": {"state": "declined"}}, "composite", None),
        ("must", {"bmi": 25, "weight_loss_pct_3_6m": 0, "acute_no_intake_gt5d": True}, "total", 2.0),
        ("pg_sga_sf", {"symptoms": ["pain", "smells"]}, "box3", 4.0),
        ("eq5d5l", {"MO": 1, "SC": 2, "UA": None, "PD": 2, "AD": 1}, "profile", "12921"),
    ],
)
def test_states_codes_and_lists_are_read(careplan, key: str, answers: dict[str, Any], score: str, value: Any) -> None:
    assert json.loads(careplan("score", key, given=json.dumps(answers))[1])["scores"][score] == value


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ('{"q1": 4}', "the answer to 'q1' cannot be used: out-of-range"),
        ('{"q1": NaN}', "the answer to 'q1' cannot be used: out-of-range"),
        ('{"q1": "1,5"}', "the answer to 'q1' cannot be used: unknown-option"),
        ('{"q1": 1.5}', "the answer to 'q1' cannot be used: out-of-range"),
        ('{"q1": true}', "the answer to 'q1' cannot be used: unknown-option"),
        ('{"q9": 1}', "there is no question 'q9'"),
        ('{"q1": {"state": "lost"}}', "'q1': an answer's state is one of"),
        ('{"q1": [1]}', "'q1': an answer is a number"),
        ("[1]", "answers must be a JSON object"),
        ('{"q1": 1', "not JSON"),
    ],
)
def test_bad_input_gets_one_line_and_an_exit_code(careplan, given: str, message: str) -> None:
    code, out, err = careplan("score", "gad2", given=given)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert message in err


def test_keys_are_listed_and_shown_with_their_licence_and_decisions(careplan) -> None:
    assert (
        "fact_g  2026-11  FACT-G version 4  scoring key, 27 items, 5 scores  run  registration" in careplan("list")[1]
    )
    shown = careplan("show", "gad2", "--lang", "en")[1]
    assert "licence: free, phqscreeners.com:" in shown
    assert "decided: missing answers" in shown


def test_a_key_whose_holder_claims_the_scoring_shows_none_of_it_and_still_scores(careplan) -> None:
    shown = careplan("show", "fact_g", "--lang", "en")[1]
    assert "licence: registration, FACIT.org: Registration and a user agreement" in shown
    assert "the holder claims the scoring too" in shown
    assert "GP1" not in shown and "score " not in shown.replace("questionnaire score", "")
    assert "FACTG" in careplan("score", "fact_g", given="{}")[1]


def test_an_id_of_neither_a_form_nor_a_key_is_named(careplan) -> None:
    code, _, err = careplan("score", "phq10", given="{}")
    assert (code, err) == (1, "careplan: there is no questionnaire or scoring key 'phq10'\n")
