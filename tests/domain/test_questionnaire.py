"""Which questions are shown, the way through them, and what an answer means."""

import pytest

from careplan.domain.questionnaire import (
    DECLINED,
    NOT_SHOWN,
    UNANSWERED,
    InvalidAnswer,
    Item,
    ItemType,
    NotShown,
    Option,
    Progress,
    UnknownItem,
    answered,
    check_shown,
    first_unanswered,
    following,
    in_words,
    parse_answer,
    preceding,
    progress,
    settled,
    text_in,
    visible_items,
    visible_questions,
)
from tests.domain.forms import BRANCHING, choice, question, questionnaire, scale, words


def ids(items: list[Item]) -> list[str]:
    return [item.link_id for item in items]


def link_id(item: Item | None) -> str | None:
    return item.link_id if item else None


def test_questions_open_as_their_conditions_come_true() -> None:
    assert ids(visible_questions(BRANCHING, {})) == ["pain", "nausea"]
    assert ids(visible_questions(BRANCHING, {"pain": answered(5)})) == ["pain", "where", "nausea"]
    answers = {"pain": answered(5), "where": answered("back")}
    assert ids(visible_questions(BRANCHING, answers)) == ["pain", "where", "spread", "nausea"]


def test_a_hidden_answer_opens_nothing() -> None:
    answers = {"pain": answered(0), "where": answered("back"), "spread": answered(9)}
    assert ids(visible_questions(BRANCHING, answers)) == ["pain", "nausea"]


def test_info_is_shown_but_never_a_question() -> None:
    form = questionnaire(question("intro", ItemType.INFO), scale("pain"))
    assert ids(visible_items(form, {})) == ["intro", "pain"]
    assert ids(visible_questions(form, {})) == ["pain"]
    assert link_id(following(form, {}, None)) == "pain"
    assert list(settled(form, {})) == ["pain"]


def test_settling_names_every_question_once_in_order_and_drops_what_is_hidden() -> None:
    answers = {"nausea": DECLINED, "pain": answered(0), "where": answered("back")}
    settled_answers = settled(BRANCHING, answers)
    assert list(settled_answers) == ["pain", "where", "spread", "nausea"]
    assert settled_answers == {"pain": answered(0), "where": NOT_SHOWN, "spread": NOT_SHOWN, "nausea": DECLINED}
    assert settled(BRANCHING, settled_answers) == settled_answers


def test_zero_declined_unanswered_and_not_shown_are_four_things() -> None:
    assert len({answered(0), DECLINED, UNANSWERED, NOT_SHOWN}) == 4
    assert answered(0).number == 0
    assert DECLINED.number is None


def test_an_answer_to_a_question_that_does_not_exist_is_refused() -> None:
    with pytest.raises(UnknownItem):
        settled(BRANCHING, {"weather": answered(1)})


def test_a_question_can_be_asked_for_only_while_it_is_shown() -> None:
    assert check_shown(BRANCHING, {"pain": answered(7)}, "where").link_id == "where"
    with pytest.raises(NotShown):
        check_shown(BRANCHING, {"pain": answered(4)}, "where")
    with pytest.raises(UnknownItem):
        check_shown(BRANCHING, {}, "weather")


def test_the_way_leads_through_shown_questions_in_both_directions() -> None:
    high = {"pain": answered(6)}
    assert link_id(following(BRANCHING, {}, None)) == "pain"
    assert link_id(following(BRANCHING, {}, "pain")) == "nausea"
    assert link_id(following(BRANCHING, high, "pain")) == "where"
    assert following(BRANCHING, {}, "nausea") is None
    assert link_id(preceding(BRANCHING, {}, "nausea")) == "pain"
    assert link_id(preceding(BRANCHING, high, "nausea")) == "where"
    assert preceding(BRANCHING, {}, "pain") is None
    assert link_id(preceding(BRANCHING, {}, None)) == "nausea"


def test_from_a_question_that_was_just_hidden_the_way_goes_on() -> None:
    assert link_id(following(BRANCHING, {}, "where")) == "nausea"
    assert link_id(preceding(BRANCHING, {}, "where")) == "pain"


def test_a_declined_question_is_not_asked_again() -> None:
    assert link_id(first_unanswered(BRANCHING, {})) == "pain"
    assert link_id(first_unanswered(BRANCHING, {"pain": DECLINED})) == "nausea"
    assert link_id(first_unanswered(BRANCHING, {"pain": UNANSWERED})) == "pain"
    assert first_unanswered(BRANCHING, {"pain": answered(0), "nausea": answered(0)}) is None


def test_progress_counts_what_is_shown_now_and_rounds_minutes_up() -> None:
    assert progress(BRANCHING, {}, "pain") == Progress(1, 2, 4)
    assert progress(BRANCHING, {}, "nausea") == Progress(2, 2, 2)
    assert progress(BRANCHING, {"pain": answered(8)}, "nausea") == Progress(3, 3, 2)
    with pytest.raises(NotShown):
        progress(BRANCHING, {}, "where")


NUMBER = question("weight", ItemType.DECIMAL, min=20, max=300, unit=words("kg"))
CHOICES = question(
    "topics",
    ItemType.CHOICES,
    options=(Option("food", words("Mat")), Option("sleep", words("Sömn")), Option("none", words("Inget"), True)),
)
LOCKED = question("consent", ItemType.TEXT, declinable=False)


@pytest.mark.parametrize(
    ("item", "raw", "answer"),
    [
        (scale("pain"), ["0"], answered(0)),
        (scale("pain"), ["10"], answered(10)),
        (scale("pain"), [], UNANSWERED),
        (scale("pain"), [""], UNANSWERED),
        (scale("pain"), ["declined"], DECLINED),
        (question("count", ItemType.INTEGER), [" 1 200 "], answered(1200)),
        (NUMBER, ["72,5"], answered(72.5)),
        (NUMBER, ["72.5"], answered(72.5)),
        (question("day", ItemType.DATE), ["2026-02-28"], answered("2026-02-28")),
        (question("note", ItemType.TEXT), ["  hej  "], answered("hej")),
        (question("note", ItemType.TEXT), ["x" * 4000], answered("x" * 4000)),
        (question("note", ItemType.TEXT), [" \n "], UNANSWERED),
        (choice("where", "back", "head"), ["back"], answered("back")),
        (CHOICES, ["sleep", "food"], answered(("food", "sleep"))),
        (CHOICES, ["food", "food"], answered(("food",))),
        (CHOICES, ["none"], answered(("none",))),
    ],
)
def test_what_a_browser_sends_becomes_an_answer(item: Item, raw: list[str], answer: object) -> None:
    assert parse_answer(item, raw) == answer


@pytest.mark.parametrize(
    ("item", "raw", "reason"),
    [
        (scale("pain"), ["11"], "out-of-range"),
        (scale("pain"), ["-1"], "out-of-range"),
        (scale("pain"), ["3,5"], "not-a-number"),
        (scale("pain"), ["sju"], "not-a-number"),
        (scale("pain"), ["nan"], "not-a-number"),
        (scale("pain"), ["1e1"], "not-a-number"),
        (scale("pain"), ["٧"], "not-a-number"),
        (scale("pain"), ["9" * 400], "not-a-number"),
        (NUMBER, ["19,9"], "out-of-range"),
        (NUMBER, ["1,2,3"], "not-a-number"),
        (question("day", ItemType.DATE), ["2026-02-30"], "not-a-date"),
        (question("day", ItemType.DATE), ["20260228"], "not-a-date"),
        (question("day", ItemType.DATE), ["28/2"], "not-a-date"),
        (question("note", ItemType.TEXT), ["x" * 4001], "too-long"),
        (choice("where", "back", "head"), ["foot"], "unknown-option"),
        (CHOICES, ["food", "foot"], "unknown-option"),
        (CHOICES, ["food", "none"], "exclusive"),
        (LOCKED, ["declined"], "not-declinable"),
    ],
)
def test_what_is_no_answer_is_refused_with_a_reason(item: Item, raw: list[str], reason: str) -> None:
    with pytest.raises(InvalidAnswer) as error:
        parse_answer(item, raw)
    assert (error.value.link_id, error.value.reason) == (item.link_id, reason)


@pytest.mark.parametrize(
    ("item", "answer", "sv", "en"),
    [
        (scale("pain"), answered(7), "7 av 10", "7 of 10"),
        (scale("pain"), answered(0), "0 av 10", "0 of 10"),
        (scale("pain"), DECLINED, "Jag vill inte svara", "I do not want to answer"),
        (scale("pain"), UNANSWERED, "Inte besvarad", "Not answered"),
        (scale("pain"), NOT_SHOWN, "Inte visad", "Not shown"),
        (NUMBER, answered(72.5), "72,5\u00a0kg", "72.5\u00a0kg"),
        (CHOICES, answered(("food", "sleep")), "Mat, Sömn", "Mat, Sömn"),
        (choice("where", "back"), answered("back"), "Back", "Back"),
        (question("note", ItemType.TEXT), answered("hej"), "hej", "hej"),
    ],
)
def test_an_answer_says_itself_in_words(item: Item, answer: object, sv: str, en: str) -> None:
    assert (in_words(item, answer, "sv"), in_words(item, answer, "en")) == (sv, en)


def test_a_text_without_the_language_is_shown_in_swedish() -> None:
    assert text_in({"sv": "hej", "en": "hello"}, "en") == "hello"
    assert text_in({"sv": "hej"}, "fi") == "hej"
