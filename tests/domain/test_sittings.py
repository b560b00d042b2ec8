"""Short sittings: what matters most first, at most seven at a time, and nothing else is another."""

from dataclasses import replace
from itertools import groupby

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careplan.domain.answers import Answer, answered
from careplan.domain.questionnaire import (
    Group,
    GroupKind,
    ItemType,
    Progress,
    Questionnaire,
    following,
    settled,
    together,
    visible_items,
    visible_questions,
)
from careplan.domain.questionnaire.flow import page_of
from careplan.domain.questionnaire.sittings import (
    LONGEST_SITTING,
    going_on,
    is_order_locked,
    is_pause_between,
    next_open,
    progress_in_sitting,
    shortened,
    sittings,
)
from careplan.domain.scoring import compute
from careplan.domain.triage import call_now, evaluate
from careplan.library import Library
from tests.domain.forms import (
    GROUPED,
    at_least,
    choice,
    grouped,
    mean,
    question,
    questionnaire,
    red,
    scale,
    words,
    yellow,
)
from tests.domain.generated import answers_to, forms

ANSWERED = forms().flatmap(lambda form: st.tuples(st.just(form), answers_to(form), st.none() | answers_to(form)))


def order(form: Questionnaire) -> list[str]:
    return [item.link_id for item in shortened(form).items]


def test_what_may_raise_red_comes_first_then_yellow_then_what_counts_or_may_be_wished_for() -> None:
    form = questionnaire(
        scale("plain"),
        scale("counted"),
        replace(scale("wished"), wish=True),
        scale("yellow"),
        scale("red"),
        scale("summed"),
        scores=(mean("mean", "counted"), mean("severe", "summed")),
        rules=(yellow("y", at_least("yellow", 5), "yellow"), red("r", at_least("red", 8), "red")),
    )
    assert order(form) == ["red", "yellow", "counted", "wished", "summed", "plain"]


def test_what_opens_a_severe_question_comes_before_it() -> None:
    form = questionnaire(
        scale("plain"),
        choice("any", "yes", "no"),
        scale("level", at_least("any", 1)),
        scale("severe", at_least("level", 3)),
        rules=(red("r", at_least("severe", 8), "severe"),),
    )
    assert order(form) == ["any", "level", "severe", "plain"]


def test_a_question_that_goes_on_from_the_one_before_stays_behind_it() -> None:
    form = questionnaire(
        scale("plain"),
        scale("pain"),
        choice("now", "yes", "no", show_if=at_least("pain", 8)),
        scale("worry", at_least("plain", 5)),
        scale("fever"),
        rules=(red("p", at_least("pain", 8), "pain"), red("f", at_least("fever", 8), "fever")),
    )
    assert order(form) == ["pain", "now", "fever", "plain", "worry"]


def test_a_text_stands_before_the_first_of_the_questions_it_introduces() -> None:
    form = questionnaire(
        scale("plain"),
        question("about-pain", ItemType.INFO),
        scale("where"),
        scale("pain"),
        question("thanks", ItemType.INFO),
        rules=(red("p", at_least("pain", 8), "pain"),),
    )
    assert order(form) == ["about-pain", "pain", "plain", "where", "thanks"]


def test_a_group_moves_as_one_and_is_never_parted_by_a_pause() -> None:
    short = shortened(GROUPED)
    groups = [group for group, _items in groupby(short.items, key=lambda item: item.group) if group is not None]
    assert len(groups) == len(set(groups)) == len(GROUPED.groups)
    rows = grouped("rows", *(scale(f"row{number}") for number in range(5)))
    form = questionnaire(
        *(scale(f"q{number}") for number in range(4)),
        *rows,
        scale("last"),
        groups=(Group("rows", GroupKind.PAGE, words("Rader")),),
    )
    assert [len(part) for part in sittings(form, {})] == [4, 6]
    assert progress_in_sitting(form, {}, "row2") == Progress(1, 6, 3, 5)
    assert is_pause_between(form, {}, "q3", "row0") and not is_pause_between(form, {}, "row4", "last")


def test_a_medicine_that_is_about_to_be_added_has_its_place() -> None:
    medicines = questionnaire(
        *grouped("medicines", scale("dose"), scale("help")),
        scale("pain"),
        groups=(Group("medicines", GroupKind.REPEATS, words("Läkemedel"), at_most=3),),
        rules=(red("r", at_least("pain", 8), "pain"),),
    )
    short = shortened(medicines)
    assert order(medicines) == ["pain", "dose", "help"]
    assert progress_in_sitting(short, {"dose": answered(1)}, "dose@2").number == 4


@pytest.mark.parametrize("language", ["original", "translated"])
def test_validated_wording_and_instruments_keep_their_order(language: str) -> None:
    form = questionnaire(scale("plain"), scale("pain"), rules=(red("p", at_least("pain", 8), "pain"),))
    assert not is_order_locked(replace(form, languages={"sv": language}))
    locked = replace(form, languages={"sv": language, "en": "validated"})
    assert is_order_locked(locked) and order(locked) == ["plain", "pain"]


def test_twenty_questions_are_three_sittings_of_at_most_seven() -> None:
    form = questionnaire(*(scale(f"q{number}") for number in range(20)), minutes=10)
    assert [len(part) for part in sittings(form, {})] == [7, 7, 6]
    assert progress_in_sitting(form, {}, "q0") == Progress(1, 7, 4)
    assert progress_in_sitting(form, {}, "q13") == Progress(7, 7, 1)
    assert progress_in_sitting(form, {}, "q14") == Progress(1, 6, 3)
    ends = [n for n in range(19) if is_pause_between(form, {}, f"q{n}", f"q{n + 1}")]
    assert ends == [6, 13]


def test_what_was_done_before_stays_in_front_and_counts_in_no_sitting() -> None:
    form = questionnaire(
        *(scale(f"q{number}") for number in range(9)), rules=(red("r", at_least("q8", 8), "q8"),), minutes=9
    )
    done, answers = frozenset({"q0", "q1"}), {"q0": answered(1), "q1": answered(0)}
    short = shortened(form, done)
    assert [item.link_id for item in short.items][:4] == ["q0", "q1", "q8", "q2"]
    assert [len(part) for part in sittings(short, answers, done=done)] == [7]
    assert progress_in_sitting(short, answers, "q0", done=done) is None
    assert progress_in_sitting(short, answers, "q8", done=done) == Progress(1, 7, 7)
    assert not is_pause_between(short, answers, "q1", "q8", done=done)


def test_one_goes_on_behind_what_was_answered_last_and_meets_what_was_skipped_at_the_end() -> None:
    form = questionnaire(*(scale(f"q{number}") for number in range(4)))
    assert going_on(form, {}).link_id == "q0"
    assert going_on(form, {"q1": answered(3)}).link_id == "q2"
    assert going_on(form, {"q0": answered(3)}, done=frozenset({"q0"})).link_id == "q1"
    assert going_on(form, {"q3": answered(0)}).link_id == "q0"
    assert going_on(form, {f"q{number}": answered(0) for number in range(4)}) is None
    assert next_open(form, {"q1": answered(3)}, "q0").link_id == "q2"
    assert next_open(form, {"q3": answered(3)}, "q2") is None


def test_only_questions_that_are_shown_are_counted() -> None:
    hidden = [scale(f"h{number}", at_least("q0", 5)) for number in range(7)]
    form = questionnaire(scale("q0"), *hidden, *(scale(f"q{number}") for number in range(1, 7)))
    assert len(sittings(form, {})) == 1
    assert len(sittings(form, {"q0": answered(5)})) == 2
    assert progress_in_sitting(form, {}, "h0") is None


@given(ANSWERED)
@pytest.mark.slow
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_scores_flags_and_what_is_stored_are_the_same(
    made: tuple[Questionnaire, dict[str, Answer], dict[str, Answer] | None],
) -> None:
    form, answers, previous = made
    short = shortened(form, frozenset(answers if previous else ()))
    assert settled(short, answers) == settled(form, answers)
    scores = compute(form, settled(form, answers))
    assert compute(short, settled(short, answers)) == scores
    assert evaluate(short, answers, scores, previous) == evaluate(form, answers, scores, previous)
    assert [call_now(short, answers, item.link_id) for item in form.items] == [
        call_now(form, answers, item.link_id) for item in form.items
    ]


@given(ANSWERED)
@pytest.mark.slow
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_same_questions_are_met_once_each_and_none_before_what_opens_it(
    made: tuple[Questionnaire, dict[str, Answer], dict[str, Answer] | None],
) -> None:
    form, answers, done = made
    short = shortened(form, frozenset(done or ()))
    assert sorted(item.link_id for item in short.items) == sorted(item.link_id for item in form.items)
    assert {item.link_id for item in visible_items(short, answers)} == {
        item.link_id for item in visible_items(form, answers)
    }
    met, item = [], following(short, answers, None)
    while item is not None:
        met += [each for each in together(short, answers, item.link_id) if each.type is not ItemType.INFO]
        item = following(short, answers, item.link_id)  # the first question of the next page
    assert met == visible_questions(short, answers)
    assert [item for part in sittings(short, answers) for item in part] == met
    for part in sittings(short, answers):
        assert len(part) <= LONGEST_SITTING or len({page_of(each) for each in part}) == 1


def test_the_forms_of_the_library_begin_with_what_may_raise_red(library: Library) -> None:
    for form in library.questionnaires.values():
        severe = {rule.item for rule in form.rules if rule.level == "red"}
        if severe and not is_order_locked(form):
            first = {item.link_id for item in visible_questions(shortened(form), {})[:LONGEST_SITTING]}
            shown = {item.link_id for item in visible_questions(form, {})}
            assert severe & shown <= first, form.id
