"""How a text reads: what the check says of wording, and the report of reading levels."""

from pathlib import Path

import pytest

from careplan.config import ROOT
from careplan.library.readability import HIGHEST_LIX, lix, reading_levels, report, text_findings, untranslated
from tests.content.files import CHAPTER, changed, line_of

PATH = "content/chapters/team.sv.md"


def remarks(sentence: str, lang: str = "sv") -> list[str]:
    text = changed(CHAPTER, "Du når oss på {{ unit.phone }}.", sentence)
    found = text_findings(text, f"content/chapters/team.{lang}.md")
    assert {each.line for each in found} <= {line_of(text, sentence)}
    assert not any(each.is_error for each in found)
    return [each.message for each in found]


@pytest.mark.parametrize(
    ("sentence", "short"),
    [
        ("Ät t.ex. gröt.", "t.ex."),
        ("Ät t. ex. gröt.", "t. ex."),
        ("Det gäller bl.a. gröt.", "bl.a."),
        ("Gröt, mjölk, m.m.", "m.m."),
        ("Gröt, mjölk osv.", "osv."),
        ("Det beror på dig, dvs du väljer.", "dvs"),
        ("Det tar ca. en timme.", "ca."),
        ("Kom kl. 16.", "kl."),
    ],
)
def test_an_abbreviation_is_a_warning(sentence: str, short: str) -> None:
    assert remarks(sentence) == [f"the abbreviation “{short}”: write the words"]


@pytest.mark.parametrize(
    "sentence", ["Ta det lugnt. Ca hälften mår bra.", "Doktor Ek ringer.", "Du äter, sover och går ut.", "Etta."]
)
def test_words_that_look_like_abbreviations_are_let_be(sentence: str) -> None:
    assert remarks(sentence) == []


@pytest.mark.parametrize(
    ("sentence", "passive"),
    [
        ("Såret ska tvättas.", "ska tvättas"),
        ("Det kan inte göras.", "kan inte göras"),
        ("Provet skickades av läkaren.", "skickades av"),
        ("Du blir undersökt av en läkare.", ""),
        ("Du blir opererad av en läkare.", "blir opererad av"),
    ],
)
def test_the_passive_voice_is_a_warning(sentence: str, passive: str) -> None:
    expected = [f"the passive voice, “{passive}”: say who does it"] if passive else []
    assert remarks(sentence) == expected


@pytest.mark.parametrize(
    "sentence", ["Du kan andas lugnt.", "Det kan kännas tungt.", "Vi kan träffas.", "Det finns en protes av plast."]
)
def test_verbs_that_only_look_passive_are_let_be(sentence: str) -> None:
    assert remarks(sentence) == []


def test_english_is_read_by_its_own_rules() -> None:
    assert remarks("The wound is washed by a nurse.", "en") == ["the passive voice, “is washed by”: say who does it"]
    assert remarks("Eat porridge, e.g. with milk.", "en") == ["the abbreviation “e.g.”: write the words"]
    assert remarks("Kan tvättas t.ex. nu.", "fi") == []


def test_lines_that_are_still_swedish_are_told() -> None:
    english = changed(CHAPTER, "Du når oss på {{ unit.phone }}.", "You reach us at {{ unit.phone }}.")
    assert [each.line for each in untranslated(english, CHAPTER, PATH)] == [line_of(CHAPTER, "- Du får feber")]
    assert [each.line for each in untranslated(CHAPTER, CHAPTER, PATH)] == [9, 12]


@pytest.mark.slow
def test_the_report_names_every_text_and_how_hard_it_is_to_read() -> None:
    levels = reading_levels(ROOT / "content")
    files = {path.name for kind in ("plans", "chapters") for path in (ROOT / "content" / kind).glob("*.md")}
    assert {Path(level.name).name for level in levels} == files
    page = report(levels)
    for level in levels:
        assert f"`{level.name}`" in page
        assert level.lix <= HIGHEST_LIX or not level.name.endswith(".sv.md")


def test_the_report_in_the_docs_names_each_swedish_text() -> None:
    page = (ROOT / "docs/reading-level.md").read_text()
    for kind in ("plans", "chapters"):
        for path in (ROOT / "content" / kind).glob("*.sv.md"):
            assert f"`{kind}/{path.name}`" in page, "make it anew: careplan check --report > docs/reading-level.md"


def test_lix_counts_a_heading_and_a_bullet_as_sentences() -> None:
    assert lix("Du mår bra.\n\n- Ät\n- Sov") == pytest.approx(5 / 3, abs=0.5)
