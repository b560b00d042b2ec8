"""Made-up answers fit every kind of question, and can be aimed at what they shall raise."""

from random import Random

import pytest

from careplan.demo.answering import Course, Target
from careplan.domain.questionnaire import in_words, parse_answer, sent_again, settled
from careplan.domain.scoring import compute
from careplan.domain.triage import Level, evaluate
from tests.content.every_kind import every_kind

TENDENCIES = {"else": (2, 3)}


@pytest.mark.parametrize(
    ("target", "level"), [(Target.CALM, None), (Target.YELLOW, Level.YELLOW), (Target.RED, Level.RED)]
)
@pytest.mark.parametrize("seed", range(10))
def test_a_form_of_every_kind_is_filled_as_it_is_aimed(target: Target, level: Level | None, seed: int) -> None:
    form = every_kind()
    course = Course(Random(seed), TENDENCIES, ["Jag har sovit gott."], (0, 60))
    answers = course.fill(form, 30, target, None)
    for link_id, answer in answers.items():
        item = form.item(link_id)
        assert parse_answer(item, sent_again(answer, "sv")) == answer and in_words(item, answer, "sv")
    final = settled(form, answers)
    flags = evaluate(form, final, compute(form, final), None)
    assert (flags[0].level if flags else None) == level
