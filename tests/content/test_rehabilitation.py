"""Professions, action codes and self-care: what the files say, and what is refused in them."""

from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from careplan.config import ROOT
from careplan.domain.needs import AREA_IDS
from careplan.library.codes import ActionCodes, action_codes
from careplan.library.exercises import Exercise, exercises
from careplan.library.professions import Professions, professions
from careplan.library.readability import HIGHEST_LIX, lix
from careplan.library.team_files import team_problems

CONTENT = ROOT / "content"


def read(name: str) -> dict[str, object]:
    found: dict[str, object] = yaml.safe_load((CONTENT / name).read_text(encoding="utf-8"))
    return found


def test_the_six_professions_have_names_in_both_languages_and_areas() -> None:
    known = professions(CONTENT).professions
    assert {each.named("sv") for each in known.values()} == {
        "fysioterapeut",
        "arbetsterapeut",
        "dietist",
        "kurator",
        "logoped",
        "psykolog",
    }
    assert all({"sv", "en"} <= each.name.keys() and each.areas for each in known.values())


def test_a_profession_that_has_been_taken_away_is_shown_by_its_id() -> None:
    assert professions(CONTENT).named("barber", "sv") == "barber"


@pytest.mark.parametrize(
    ("title", "profession"),
    [("Fysioterapeut", "physiotherapist"), (" dietitian ", "dietitian"), ("kontaktsjuksköterska", ""), ("", "")],
)
def test_a_title_says_whose_referrals_come(title: str, profession: str) -> None:
    assert professions(CONTENT).of_title(title) == profession


def test_the_code_whose_number_is_unknown_is_left_out_and_the_file_says_so() -> None:
    assert list(action_codes(CONTENT).texts) == ["AW020", "DV200", "AW005"]
    assert action_codes(CONTENT).proposed("needs-assessment") == []
    assert "left out" in (CONTENT / "action-codes.yaml").read_text(encoding="utf-8")


def test_a_code_that_the_region_adds_is_proposed() -> None:
    given = read("action-codes.yaml")
    given["codes"].append(
        {
            "code": "XV123",
            "text": {"sv": "Bedömning av rehabiliteringsbehov"},
            "source": "Regionen",
            "status": "unverified",
            "propose": ["needs-assessment"],
        }
    )
    assert [each.code for each in ActionCodes.model_validate(given).proposed("needs-assessment")] == ["XV123"]


@pytest.mark.parametrize(
    ("key", "value"),
    [("code", "aw020"), ("code", "AW020"), ("status", "sure"), ("propose", ["birthday"]), ("text", {"en": "Only"})],
)
def test_a_wrong_code_is_refused(key: str, value: object) -> None:
    given = read("action-codes.yaml")
    one = dict(given["codes"][0], code="XV123") | {key: value}
    with pytest.raises(ValidationError):
        ActionCodes.model_validate(given | {"codes": [*given["codes"], one]})


def test_a_profession_of_an_area_that_does_not_exist_is_refused() -> None:
    given = read("professions.yaml")
    given["professions"]["barber"] = {"name": {"sv": "frisör"}, "areas": ["hair"]}
    with pytest.raises(ValidationError, match="hair"):
        Professions.model_validate(given)


def test_each_exercise_is_whole_in_both_languages_and_says_that_nobody_has_reviewed_it() -> None:
    for each in exercises(CONTENT).values():
        texts = [each.title, each.timing, each.stop, *each.steps]
        assert all({"sv", "en"} <= text.keys() for text in texts), each.id
        assert each.review.status == "not-reviewed" and set(each.areas) <= AREA_IDS
        assert each.instructions("sv").splitlines()[-1] == each.stop["sv"]
        assert lix(each.instructions("sv").replace("\n", "\n\n")) <= HIGHEST_LIX, each.id


def test_a_file_bears_its_exercises_name() -> None:
    assert {file.stem for file in (CONTENT / "activities").glob("*.yaml")} == set(exercises(CONTENT))


def test_an_exercise_without_steps_is_refused(tmp_path: Path) -> None:
    given = read("activities/short-walk.yaml") | {"steps": []}
    with pytest.raises(ValidationError):
        Exercise.model_validate(given)


def test_check_says_file_and_line_of_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "activities").mkdir()
    (tmp_path / "professions.yaml").write_text("owner: Regionen\nprofessions: 7\n", encoding="utf-8")
    walk = (CONTENT / "activities/short-walk.yaml").read_text(encoding="utf-8")
    (tmp_path / "activities/long-walk.yaml").write_text(walk, encoding="utf-8")
    (tmp_path / "activities/short-walk.yaml").write_text(walk.replace("[strength", "[hair, strength"), encoding="utf-8")
    found = [str(problem).removeprefix(f"{tmp_path}/") for problem in team_problems(tmp_path)]
    assert any(each.startswith("professions.yaml:2: ") for each in found)
    assert "activities/long-walk.yaml:1: the file is named long-walk, and its id is short-walk" in found
    assert any(each.startswith("activities/short-walk.yaml:3: ") and "hair" in each for each in found)


def test_the_files_of_the_product_are_right() -> None:
    assert list(team_problems(CONTENT)) == []


def test_occasions_of_activities_are_kinds_that_exist() -> None:
    kinds = {each.kind for each in exercises(CONTENT).values()}
    wanted = {
        occasion.removeprefix("activity:")
        for each in action_codes(CONTENT).codes
        for occasion in each.propose
        if occasion.startswith("activity:")
    }
    assert wanted <= kinds
