"""Conditions, flags, the call-now page, and rules in words."""

import pytest

from careplan.domain.conditions import (
    AllOf,
    AnyOf,
    Compare,
    Comparison,
    Condition,
    Direction,
    InARow,
    Is,
    Not,
    ScoreAtLeast,
    WorseBy,
    WorseThanUsual,
    holds,
    items_of,
    scores_of,
)
from careplan.domain.questionnaire import (
    DECLINED,
    NOT_SHOWN,
    UNANSWERED,
    Answer,
    ItemType,
    Option,
    answered,
    settled,
)
from careplan.domain.scoring import compute
from careplan.domain.triage import Level, RaisedFlag, call_now, evaluate, furthest_back, red_items, say
from tests.domain.forms import (
    BRANCHING,
    TROUBLE,
    at_least,
    choice,
    mean,
    question,
    questionnaire,
    red,
    scale,
    words,
    yellow,
)

PAIN_7 = at_least("pain", 7)
CALM = Compare("pain", Comparison.AT_MOST, 3)


@pytest.mark.parametrize(
    ("condition", "answer", "expected"),
    [
        (PAIN_7, answered(7), True),
        (PAIN_7, answered(6), False),
        (at_least("pain", 0), answered(0), True),
        (CALM, answered(0), True),
        (CALM, answered(4), False),
        (PAIN_7, DECLINED, False),
        (PAIN_7, UNANSWERED, False),
        (CALM, NOT_SHOWN, False),
        (CALM, DECLINED, False),
        (Not(PAIN_7), answered(6), True),
        (Not(PAIN_7), DECLINED, True),
        (AllOf((PAIN_7, Not(CALM))), answered(8), True),
        (AnyOf((PAIN_7, CALM)), answered(5), False),
        (AnyOf((PAIN_7, CALM)), answered(1), True),
        (Is("pain", ("back",)), answered("back"), True),
        (Is("pain", ("back", "head")), answered("head"), True),
        (Is("pain", ("back",)), answered(("head", "back")), True),
        (Is("pain", ("back",)), answered(("head",)), False),
        (Is("pain", ("back",)), DECLINED, False),
    ],
)
def test_a_condition_looks_at_answers_only(condition: Condition, answer: Answer, expected: bool) -> None:
    assert holds(condition, {"pain": answer}, {}, None) is expected


@pytest.mark.parametrize(
    ("before", "now", "direction", "expected"),
    [
        (answered(2), answered(5), TROUBLE, True),
        (answered(3), answered(5), TROUBLE, False),
        (answered(5), answered(2), TROUBLE, False),
        (answered(5), answered(2), Direction.BETTER, True),
        (answered(0), answered(3), TROUBLE, True),
        (DECLINED, answered(10), TROUBLE, False),
        (None, answered(10), TROUBLE, False),
        (answered(0), DECLINED, TROUBLE, False),
    ],
)
def test_worse_is_measured_against_the_previous_answer_in_the_scales_direction(
    before: Answer | None, now: Answer, direction: Direction, expected: bool
) -> None:
    previous = None if before is None else {"pain": before}
    assert holds(WorseBy("pain", 3, direction), {"pain": now}, {}, previous) is expected


@pytest.mark.parametrize(
    ("now", "earlier", "expected"),
    [
        (7, [4, 4, 4, 4], True),
        (6, [4, 4, 4, 4], False),
        (7, [9, 4, 4, 3], True),  # one bad week is not the usual
        (7, [4], False),  # once is not a level
        (3, [0, None, 0], True),
        (7, [None, 4, None, 4, 0, 0], True),
        (7, [4, None, None, None], False),
        (None, [0, 0], False),
    ],
)
def test_a_person_is_measured_against_the_level_of_their_own(
    now: int | None, earlier: list[int | None], expected: bool
) -> None:
    answers, previous, *before = ({"pain": DECLINED if each is None else answered(each)} for each in [now, *earlier])
    assert holds(WorseThanUsual("pain", 3, TROUBLE), answers, {}, previous, before) is expected


@pytest.mark.parametrize(
    ("row", "times", "expected"),
    [
        ([6, 6], 2, True),
        ([6, 5], 2, False),
        ([5, 6], 2, False),
        ([6, None, 6], 2, False),
        ([6, 7, 8], 3, True),
        ([6, 7], 3, False),
        ([6], 2, False),
    ],
)
def test_in_a_row_is_each_of_the_times(row: list[int | None], times: int, expected: bool) -> None:
    answers, *earlier = ({"pain": DECLINED if each is None else answered(each)} for each in row)
    previous, before = (earlier[0], earlier[1:]) if earlier else (None, [])
    assert holds(InARow("pain", Comparison.AT_LEAST, 6, times), answers, {}, previous, before) is expected


def test_rules_say_how_far_back_they_look() -> None:
    assert furthest_back(()) == 1
    in_a_row = InARow("pain", Comparison.AT_LEAST, 6, 3)
    assert furthest_back([yellow("a", AllOf((PAIN_7, in_a_row)), "pain")]) == 2
    assert furthest_back([yellow("a", Not(WorseThanUsual("pain", 3, TROUBLE)), "pain")]) == 4


@pytest.mark.parametrize(("value", "expected"), [(4.0, True), (3.9, False), (None, False)])
def test_a_missing_score_is_never_at_least_anything(value: float | None, expected: bool) -> None:
    assert holds(ScoreAtLeast("burden", 4), {}, {"burden": value}, None) is expected


def test_a_condition_names_what_it_looks_at() -> None:
    condition = AllOf((PAIN_7, AnyOf((Not(Is("where", ("back",))), ScoreAtLeast("burden", 3)))))
    assert items_of(condition) == {"pain", "where"}
    assert scores_of(condition) == {"burden"}


@pytest.mark.parametrize(
    ("answers", "flags"),
    [
        ({}, []),
        ({"pain": 5, "nausea": 8}, []),
        ({"pain": 6}, [("pain-yellow", Level.YELLOW, 6)]),
        ({"pain": 8}, [("pain-red", Level.RED, 8)]),
        (
            {"pain": 7, "where": "back", "spread": 3, "nausea": 9},
            [("nausea-red", Level.RED, 9), ("pain-yellow", Level.YELLOW, 7), ("spread-yellow", Level.YELLOW, 3)],
        ),
        ({"pain": 0, "where": "back", "spread": 10}, []),
    ],
)
def test_flags_come_red_first_and_never_from_hidden_answers(
    answers: dict[str, int | str], flags: list[tuple[str, Level, int]]
) -> None:
    given = {link_id: answered(value) for link_id, value in answers.items()}
    raised = evaluate(BRANCHING, given, {}, None)
    assert [(flag.rule_id, flag.level, flag.value) for flag in raised] == flags


def test_a_flag_about_a_score_carries_the_score() -> None:
    form = questionnaire(
        scale("a"),
        scale("b"),
        scores=(mean("burden", "a", "b"),),
        rules=(yellow("burden-yellow", ScoreAtLeast("burden", 5), "burden"),),
    )
    answers = settled(form, {"a": answered(4), "b": answered(7)})
    assert evaluate(form, answers, compute(form, answers), None) == [
        RaisedFlag("burden-yellow", Level.YELLOW, "burden", 5.5)
    ]


def test_the_call_now_page_comes_only_after_the_answer_that_makes_a_red_rule_true() -> None:
    severe = {"pain": answered(9), "nausea": answered(2)}
    assert call_now(BRANCHING, severe, "pain") == RaisedFlag("pain-red", Level.RED, "pain", 9)
    assert call_now(BRANCHING, severe, "nausea") is None
    assert call_now(BRANCHING, {"pain": answered(7)}, "pain") is None
    assert call_now(BRANCHING, {"pain": DECLINED}, "pain") is None


def test_red_items_are_what_red_rules_and_their_scores_look_at_and_what_opens_it() -> None:
    form = questionnaire(
        scale("a"),
        scale("calm"),
        choice("where", "back", "head", show_if=at_least("a", 5)),
        scale("spread", show_if=Is("where", ("back",))),
        scale("b"),
        scale("c"),
        scores=(mean("burden", "b", "c"),),
        rules=(
            red("spread-red", at_least("spread", 8), "spread"),
            red("burden-red", ScoreAtLeast("burden", 8), "burden"),
            yellow("calm-yellow", at_least("calm", 8), "calm"),
        ),
    )
    assert red_items(form) == ("a", "where", "spread", "b", "c")


def test_a_hidden_severe_answer_calls_nobody() -> None:
    form = questionnaire(
        scale("pain"),
        scale("spread", show_if=at_least("pain", 5)),
        rules=(red("spread-red", at_least("spread", 8), "spread"),),
    )
    assert call_now(form, {"pain": answered(1), "spread": answered(10)}, "spread") is None
    assert call_now(form, {"pain": answered(5), "spread": answered(10)}, "spread") is not None


@pytest.mark.parametrize(
    ("condition", "sv", "en"),
    [
        (PAIN_7, "Pain minst 7 av 10", "Pain at least 7 of 10"),
        (CALM, "Pain högst 3 av 10", "Pain at most 3 of 10"),
        (Is("where", ("back", "head")), "Where: Back eller Head", "Where: Back or Head"),
        (WorseBy("pain", 3, TROUBLE), "Pain minst 3 högre än förra gången", "Pain at least 3 higher than last time"),
        (
            WorseBy("pain", 3, Direction.BETTER),
            "Pain minst 3 lägre än förra gången",
            "Pain at least 3 lower than last time",
        ),
        (
            WorseThanUsual("pain", 3, TROUBLE),
            "Pain minst 3 högre än den egna vanliga nivån",
            "Pain at least 3 higher than the usual level of the same person",
        ),
        (
            InARow("pain", Comparison.AT_LEAST, 6, 2),
            "Pain minst 6 av 10, 2 gånger i rad",
            "Pain at least 6 of 10, 2 times in a row",
        ),
        (ScoreAtLeast("burden", 4.5), "Burden minst 4,5", "Burden at least 4.5"),
        (at_least("weight", 80), "Weight minst 80\u00a0kg", "Weight at least 80\u00a0kg"),
        (
            AllOf((PAIN_7, Is("where", ("back",)))),
            "Pain minst 7 av 10 och where: Back",
            "Pain at least 7 of 10 and where: Back",
        ),
        (
            AllOf((PAIN_7, AnyOf((CALM, Not(Is("where", ("head",))))))),
            "Pain minst 7 av 10 och (Pain högst 3 av 10 eller inte (Where: Head))",
            "Pain at least 7 of 10 and (Pain at most 3 of 10 or not (Where: Head))",
        ),
    ],
)
def test_a_rule_says_itself(condition: Condition, sv: str, en: str) -> None:
    form = questionnaire(
        scale("pain"),
        choice("where", "back", "head"),
        question("weight", ItemType.DECIMAL, unit=words("kg")),
        scores=(mean("burden", "pain"),),
    )
    rule = yellow("rule", condition, "pain")
    assert (say(rule, form, "sv"), say(rule, form, "en")) == (sv, en)


def test_a_chosen_option_is_found_among_several() -> None:
    form = questionnaire(
        question("topics", ItemType.CHOICES, options=(Option("food", words("Mat")), Option("pain", words("Smärta")))),
        rules=(yellow("asks", Is("topics", ("pain",)), "topics"),),
    )
    assert [f.value for f in evaluate(form, {"topics": answered(("food", "pain"))}, {}, None)] == [("food", "pain")]
    assert evaluate(form, {"topics": answered(("food",))}, {}, None) == []
