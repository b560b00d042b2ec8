"""Scores: what is missing is never 0."""

import pytest

from careplan.domain.answers import DECLINED, NOT_SHOWN, UNANSWERED, Answer, answered
from careplan.domain.scoring import Method, Scale, compute
from tests.domain.forms import TROUBLE, mean, questionnaire, scale, words


@pytest.mark.parametrize(
    ("answers", "mean_of_three", "sum_of_two"),
    [
        ({"a": answered(0), "b": answered(0), "c": answered(0)}, 0.0, 0.0),
        ({"a": answered(1), "b": answered(2)}, 1.5, 3.0),
        ({"a": answered(4), "b": DECLINED}, None, None),
        ({"a": answered(4), "b": UNANSWERED, "c": answered(8)}, 6.0, None),
        ({"a": NOT_SHOWN, "b": NOT_SHOWN, "c": NOT_SHOWN}, None, None),
        ({}, None, None),
    ],
)
def test_a_score_with_too_few_answers_is_missing_and_zero_counts(
    answers: dict[str, Answer], mean_of_three: float | None, sum_of_two: float | None
) -> None:
    total = Scale("total", words("Summa"), ("a", "b"), Method.SUM, 2, (0, 20), TROUBLE, "own")
    form = questionnaire(scale("a"), scale("b"), scale("c"), scores=(mean("mean", "a", "b", "c", at_least=2), total))
    assert compute(form, answers) == {"mean": mean_of_three, "total": sum_of_two}
