"""Shares, small groups and times."""

from datetime import timedelta

import pytest

from careplan.domain.figures import Share, percentile, shielded, whole


@pytest.mark.parametrize(
    ("sizes", "shown"),
    [
        ([40, 50], [40, 50]),
        ([40, 50, 3], [None, 50, None]),  # a lone small group takes the next smallest along
        ([40, 3, 4], [40, None, None]),
        ([3], [None]),
        ([0, 40], [0, 40]),
        ([29, 30], [None, None]),
        ([30, 30], [30, 30]),
    ],
)
def test_a_small_group_cannot_be_worked_out_from_the_rest(sizes: list[int], shown: list[int | None]) -> None:
    groups = [Share(str(number), size // 2, size) for number, size in enumerate(sizes)]
    assert [share.whole for share in shielded(groups, 30)] == shown
    assert all((share.part is None) == (share.whole is None) for share in shielded(groups, 30))


def test_a_share_of_nothing_is_not_nothing() -> None:
    assert whole(0, 0, 5).percent is None
    assert whole(0, 10, 5).percent == 0
    assert whole(3, 4, 5).is_hidden
    assert whole(41, 50, 5).percent == 82


@pytest.mark.parametrize(
    ("count", "percent", "minutes"), [(0, 50, None), (1, 95, 1), (2, 50, 1), (20, 95, 19), (21, 95, 20), (20, 50, 10)]
)
def test_percentiles_are_times_that_were(count: int, percent: int, minutes: int | None) -> None:
    times = [timedelta(minutes=number + 1) for number in reversed(range(count))]
    assert percentile(times, percent) == (None if minutes is None else timedelta(minutes=minutes))
