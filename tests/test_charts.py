"""Charts: a fixed axis, x by date, gaps for missing answers, and words that do not collide."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careplan.charts import LEFT, RIGHT, WIDTH, Reading, trend

AUGUST = date(2026, 8, 24)


def readings(*values: float | None, every: int = 14) -> list[Reading]:
    return [Reading(AUGUST + timedelta(days=every * n), value, f"dag {every * n}") for n, value in enumerate(values)]


def test_the_axis_is_the_instruments_own_whatever_was_answered():
    mild, severe = trend(readings(1, 2)), trend(readings(9, 10))
    assert [(tick.text, tick.y) for tick in mild.ticks] == [(tick.text, tick.y) for tick in severe.ticks]
    assert [tick.text for tick in mild.ticks] == ["0", "5", "10"]
    assert severe.dots[-1].y == severe.top
    assert trend(readings(0)).dots[0].y == trend(readings(0)).bottom


def test_a_value_beyond_the_axis_is_an_error_and_not_a_point():
    with pytest.raises(ValueError, match="outside"):
        trend(readings(3, 11))


def test_time_runs_by_date_and_not_by_number():
    chart = trend([Reading(AUGUST + timedelta(days=days), 5, "") for days in (0, 10, 100)])
    first, second, third = (dot.x for dot in chart.dots)
    assert (first, third) == (LEFT, RIGHT)
    assert second - first == pytest.approx((third - first) / 10, abs=0.1)


def test_the_line_never_bridges_a_missing_answer():
    chart = trend(readings(3, 4, None, 6, 7))
    assert chart.path.count("M") == 2
    assert len(chart.dots) == 4
    assert len(chart.gaps) == 1


def test_a_run_of_missing_answers_is_named_once():
    assert len(trend(readings(3, None, None, None, 7)).gaps) == 1


def test_a_gap_too_narrow_for_its_words_stays_a_gap():
    chart = trend(readings(*[3] * 12, None, *[3] * 12))
    assert chart.gaps == ()
    assert chart.path.count("M") == 2


def test_zero_is_an_answer():
    chart = trend(readings(0, 0))
    assert len(chart.dots) == 2
    assert chart.last is not None
    assert chart.last.text == "0"


def test_the_last_answer_carries_its_value_even_when_a_later_one_is_missing():
    chart = trend(readings(3, 4, None))
    assert [dot.is_last for dot in chart.dots] == [False, True]
    assert chart.last is not None
    assert chart.last.text == "4"
    assert chart.dates[-1].text == "dag 28"


def test_nothing_answered_gives_an_empty_axis_with_its_dates():
    chart = trend(readings(None, None))
    assert (chart.path, chart.dots, chart.last) == ("", (), None)
    assert len(chart.gaps) == 1


def test_one_answer_stands_in_the_middle_with_one_date():
    chart = trend(readings(4))
    assert chart.dots[0].x == (LEFT + RIGHT) / 2
    assert len(chart.dates) == 1


def test_no_readings_at_all_is_an_error():
    with pytest.raises(ValueError, match="at least one"):
        trend([])


def test_events_outside_the_time_shown_are_left_out():
    chart = trend(readings(3, 4), events=[(AUGUST - timedelta(days=1), "före"), (AUGUST, "operation")])
    assert [event.text for event in chart.events] == ["operation"]


def test_words_of_events_close_in_time_stand_in_rows_and_the_axis_gives_way():
    near = [(AUGUST + timedelta(days=20), "operation"), (AUGUST + timedelta(days=24), "cytostatika")]
    chart = trend(readings(3, 4, 5, 6), events=near)
    assert len({event.y for event in chart.events}) == 2
    assert chart.top > trend(readings(3, 4, 5, 6), events=near[:1]).top


def test_a_value_shown_in_words_is_what_the_chart_prints():
    assert trend([Reading(AUGUST, 66.666, "24 aug", "66,7")], high=100).last.text == "66,7"


@given(
    st.lists(st.tuples(st.integers(0, 2000), st.none() | st.floats(0, 10)), min_size=1, max_size=40),
    st.lists(st.tuples(st.integers(-50, 2050), st.text("abcdefgh", max_size=25)), max_size=8),
)
def test_everything_stands_within_the_frame(days, events):
    chart = trend(
        [Reading(AUGUST + timedelta(days=day), value, "") for day, value in days],
        events=[(AUGUST + timedelta(days=day), text) for day, text in events],
    )
    assert all(LEFT <= dot.x <= RIGHT and chart.top <= dot.y <= chart.bottom for dot in chart.dots)
    assert all(LEFT <= x <= RIGHT for x in chart.gaps)
    assert all(0 <= event.word_x <= WIDTH and 0 < event.y < chart.top for event in chart.events)
    assert sum(dot.is_last for dot in chart.dots) == bool(chart.dots)
