"""The pages for those who run careplan say what there is."""

import re
from pathlib import Path

from careplan.config import Settings
from careplan.domain.questionnaire import GroupKind, ItemType
from careplan.library.lint import check_questionnaire

ROOT = Path(__file__).parents[2]


def test_each_setting_is_documented_and_each_documented_setting_exists():
    documented = re.findall(r"(?m)^\| `(CAREPLAN_\w+)` ", (ROOT / "docs/deployment.md").read_text())
    assert sorted(documented) == sorted(f"CAREPLAN_{name.upper()}" for name in Settings.model_fields)


def test_the_questionnaire_that_is_shown_as_an_example_is_sound_and_each_kind_of_question_is_named():
    page = (ROOT / "docs/questionnaires.md").read_text()
    example = re.findall(r"(?s)```yaml\n(.*?)```", page)[0]
    assert check_questionnaire(example, "docs/questionnaires.md") == []
    assert _first_column(page, "## Kinds of questions") == {kind.value for kind in ItemType}
    assert _first_column(page, "## Groups") == {kind.value for kind in GroupKind}


def _first_column(page: str, heading: str) -> set[str]:
    """The names in the first column of the table under this heading, without its head."""
    chapter = page.partition(heading)[2].partition("\n## ")[0]
    rows = re.findall(r"(?m)^\| ((?:`\w+`(?:, )?)+) \|", chapter)
    return set(re.findall(r"`(\w+)`", " ".join(rows[1:])))


def test_each_link_between_pages_leads_somewhere():
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    links = {(page, link) for page in pages for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text())}
    dead = [f"{page.name}: {link}" for page, link in links if not (page.parent / link).exists()]
    assert dead == []
