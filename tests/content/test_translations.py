"""A translation that is older than its Swedish text is warned about, at its version."""

from pathlib import Path

import pytest

from careplan.library import Severity, check
from careplan.library.translations import is_older
from tests.content.files import CHAPTER, PLAN, changed, line_of, write


@pytest.mark.parametrize(
    ("version", "other", "older"),
    [
        ("2026-11", "2026-11", False),
        ("2026-9", "2026-11", True),
        ("2026-12", "2026-11", False),
        ("1.9", "1.10", True),
        ("1", "1.1", True),
        ("2026-11", "2026-11.1", True),
    ],
)
def test_versions_are_compared_by_their_numbers(version: str, other: str, older: bool) -> None:
    assert is_older(version, other) is older


def test_an_older_translation_is_a_warning_and_one_of_the_same_version_is_none(tmp_path: Path) -> None:
    root = write(tmp_path)
    english = {"chapters/team.en.md": CHAPTER, "plans/general.en.md": PLAN}
    for name, text in english.items():
        (root / name).write_text(text, encoding="utf-8")
    assert [problem for problem in check(root) if "translation" in problem.message] == []
    for name, text in english.items():
        swedish = changed(text, 'version: "1"', 'version: "2"')
        (root / name.replace(".en.", ".sv.")).write_text(swedish, encoding="utf-8")
    found = [problem for problem in check(root) if "translation" in problem.message]
    assert [(problem.path, problem.line, problem.severity) for problem in found] == [
        (str(root / name), line_of(text, 'version: "1"'), Severity.WARNING) for name, text in english.items()
    ]
    assert found[0].message == "the translation is of version 1, and the Swedish text is now version 2"
