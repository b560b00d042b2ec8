"""What must hold for any answers at all."""

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careplan.domain.answers import DECLINED, NOT_SHOWN, UNANSWERED, Answer, AnswerState, answered
from careplan.domain.questionnaire import Questionnaire, settled, visible_questions
from careplan.domain.scoring import compute
from careplan.domain.triage import evaluate
from tests.domain.forms import BRANCHING
from tests.domain.generated import answers_to, forms

SCALES = st.integers(0, 10).map(answered) | st.sampled_from([DECLINED, UNANSWERED])
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "pain": SCALES,
        "where": st.sampled_from([answered("back"), answered("head"), DECLINED]),
        "spread": SCALES,
        "nausea": SCALES,
    },
)


ANY_FORM = forms().flatmap(lambda form: st.tuples(st.just(form), answers_to(form), answers_to(form)))


def outcome(answers: dict[str, Answer], form: Questionnaire = BRANCHING) -> tuple[object, object]:
    final = settled(form, answers)
    scores = compute(form, final)
    return scores, evaluate(form, final, scores, None)


@given(ANSWERS, st.randoms(use_true_random=False))
def test_the_order_of_the_answers_never_matters(answers: dict[str, Answer], random: object) -> None:
    shuffled = list(answers.items())
    random.shuffle(shuffled)
    assert outcome(dict(shuffled)) == outcome(answers)
    assert list(settled(BRANCHING, dict(shuffled))) == ["pain", "where", "spread", "nausea"]


@given(ANSWERS, SCALES, st.sampled_from([answered("back"), answered("head"), DECLINED]))
def test_the_value_of_a_hidden_question_never_changes_scores_or_flags(
    answers: dict[str, Answer], spread: Answer, where: Answer
) -> None:
    shown = {item.link_id for item in visible_questions(BRANCHING, answers)}
    tampered = answers | {key: value for key, value in {"spread": spread, "where": where}.items() if key not in shown}
    assert outcome(tampered) == outcome(answers)


@given(ANSWERS)
def test_settling_twice_changes_nothing_and_hides_exactly_what_is_not_shown(answers: dict[str, Answer]) -> None:
    final = settled(BRANCHING, answers)
    assert settled(BRANCHING, final) == final
    shown = {item.link_id for item in visible_questions(BRANCHING, answers)}
    assert {key for key, answer in final.items() if answer == NOT_SHOWN} == set(final) - shown
    assert all(answer.value is None for answer in final.values() if answer.state is not AnswerState.ANSWERED)


@given(ANSWERS)
def test_a_score_lies_between_its_answers_or_is_missing(answers: dict[str, Answer]) -> None:
    final = settled(BRANCHING, answers)
    numbers = [answer.number for answer in final.values() if answer.number is not None]
    score = compute(BRANCHING, final)["burden"]
    if len(numbers) < 2:
        assert score is None
    else:
        assert min(numbers) <= score <= max(numbers)


@given(ANY_FORM, st.randoms(use_true_random=False))
@pytest.mark.slow
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_in_any_form_neither_the_order_of_answers_nor_the_value_of_a_hidden_one_counts(
    made: tuple[Questionnaire, dict[str, Answer], dict[str, Answer]], random: Random
) -> None:
    form, answers, others = made
    shuffled = list(answers.items())
    random.shuffle(shuffled)
    assert outcome(dict(shuffled), form) == outcome(answers, form)
    shown = {item.link_id for item in visible_questions(form, answers)}
    hidden = {link_id: answer for link_id, answer in others.items() if link_id not in shown}
    assert outcome(answers | hidden, form) == outcome(answers, form)
    assert settled(form, answers | hidden) == settled(form, answers)


@given(ANY_FORM)
@pytest.mark.slow
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_in_any_form_a_score_is_missing_exactly_below_its_least_number_of_answers(
    made: tuple[Questionnaire, dict[str, Answer], object],
) -> None:
    """A missing rule is never weaker than declared, and a hidden question is no answer to it."""
    form, answers, _others = made
    final = settled(form, answers)
    scores = compute(form, final)
    for scale in form.scores:
        given_to = sum(1 for item in scale.items if final[item].is_answered)
        assert (scores[scale.id] is None) is (given_to < scale.at_least)
