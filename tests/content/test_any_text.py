"""Whatever an editor writes, the reader answers with content or with problems, and the page stays clean."""

import re

from hypothesis import given
from hypothesis import strategies as st

from careplan.domain.questionnaire import AnswerState, InvalidAnswer, parse_answer
from careplan.library import ContentErrors, compile_questionnaire, read_chapter
from careplan.library.readability import lix
from tests.content.files import CHAPTER, QUESTIONNAIRE

FRONT = CHAPTER.split("---\n")[1]
PIECES = st.sampled_from(
    [
        "<script>",
        "{{",
        "}}",
        "{% if %}",
        ":::",
        "::: key",
        "\n",
        "# ",
        "### ",
        "- ",
        "| a | b |",
        "|---|---|",
        "**",
        "[x](javascript:alert)",
        "[x](https://www.1177.se/)",
        "![y](z)",
        "> ",
        "```",
        "    ",
        "{{ nurse.name }}",
        "{#x}",
    ]
)
MARKDOWN = st.lists(PIECES | st.text(max_size=8), max_size=25).map("".join)
ALLOWED = {"p", "ul", "ol", "li", "strong", "em", "a", "table", "thead", "tbody", "tr", "th", "td", "h4", "br"}


@given(MARKDOWN)
def test_any_markdown_gives_clean_html_or_problems(body: str) -> None:
    try:
        chapter = read_chapter(f"---\n{FRONT}---\n{body}", "x.sv.md")
    except ContentErrors as error:
        assert error.problems
        return
    html = "".join([chapter.key or "", chapter.call or "", chapter.intro, *(part for _, part in chapter.sections)])
    assert set(re.findall(r"<\s*/?\s*([a-zA-Z0-9]+)", html)) <= ALLOWED
    assert set(re.findall(r'href="([^"]*)"', html)) <= {"https://www.1177.se/"}


@given(st.text(max_size=200), st.integers(0, len(QUESTIONNAIRE)), st.integers(0, 30))
def test_any_damage_to_a_questionnaire_is_told_with_a_line(insert: str, at: int, gone: int) -> None:
    text = QUESTIONNAIRE[:at] + insert + QUESTIONNAIRE[at + gone :]
    try:
        compile_questionnaire(text, "x.yaml")
    except ContentErrors as error:
        assert error.problems
        for problem in error.problems:
            assert 1 <= problem.line <= len(text.splitlines()) + 1
            assert problem.message


@given(st.lists(st.text(max_size=30), max_size=3))
def test_any_sent_value_is_an_answer_or_refused(raw: list[str]) -> None:
    for item in compile_questionnaire(QUESTIONNAIRE, "x.yaml").questions:
        try:
            assert parse_answer(item, raw).state in AnswerState
        except InvalidAnswer as error:
            assert error.link_id == item.link_id


@given(MARKDOWN)
def test_any_text_has_a_reading_level(body: str) -> None:
    assert lix(body) >= 0
