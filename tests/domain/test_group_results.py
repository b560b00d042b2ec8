"""Periods of a group's results: large enough, apart from each other, and never changed."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careplan.domain.group_results import grouped, quarter_of

START = date(2026, 1, 1)


def people(count, on, value=5.0, first=0):
    return [(number, on, value) for number in range(first, first + count)]


@pytest.mark.parametrize(
    ("on", "first", "last"),
    [
        (date(2026, 1, 1), date(2026, 1, 1), date(2026, 3, 31)),
        (date(2026, 6, 30), date(2026, 4, 1), date(2026, 6, 30)),
        (date(2026, 11, 16), date(2026, 10, 1), date(2026, 12, 31)),
    ],
)
def test_a_day_belongs_to_a_quarter_of_the_year(on, first, last):
    assert quarter_of(on) == (first, last)


def test_29_people_give_no_figure_and_30_do():
    few = grouped(people(29, START), at_least=30, fixed_before=date(2027, 1, 1))
    enough = grouped(people(30, START), at_least=30, fixed_before=date(2027, 1, 1))
    assert (few.shown, few.waiting) == ((), 29)
    assert (len(enough.shown[0].values), enough.waiting) == (30, 0)


def test_one_person_who_answers_thirty_times_is_one_person():
    often = [("astrid", START + timedelta(days=day), 5.0) for day in range(30)]
    assert grouped(often, at_least=30, fixed_before=date(2027, 1, 1)).waiting == 1


def test_a_quarter_that_is_not_over_shows_nothing_however_many_answered():
    assert grouped(people(40, START), at_least=30, fixed_before=date(2026, 3, 31)).shown == ()
    assert len(grouped(people(40, START), at_least=30, fixed_before=date(2026, 4, 1)).shown) == 1


def test_quarters_with_few_answers_are_joined_and_the_last_answer_of_each_person_counts():
    answers = people(20, START, 4.0) + people(20, date(2026, 5, 1), 8.0, first=10)
    (period,) = grouped(answers, at_least=30, fixed_before=date(2027, 1, 1)).shown
    assert (period.first_on, period.last_on) == (START, date(2026, 6, 30))
    assert sorted(period.values) == [4.0] * 10 + [8.0] * 20


ANSWERS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 1200).map(lambda days: START + timedelta(days=days)), st.just(1.0)),
    max_size=300,
)


@given(ANSWERS, st.integers(0, 1300), st.integers(0, 400))
def test_what_was_shown_once_is_shown_the_same_ever_after_and_no_periods_overlap(answers, first_look, later):
    today = START + timedelta(days=first_look)
    known = [answer for answer in answers if answer[1] < today]
    before = grouped(known, at_least=10, fixed_before=today)
    after = grouped(answers, at_least=10, fixed_before=today + timedelta(days=later))
    assert after.shown[: len(before.shown)] == before.shown
    assert all(len(period.values) >= 10 for period in after.shown)
    assert all(one.last_on < next_.first_on for one, next_ in zip(after.shown, after.shown[1:], strict=False))
