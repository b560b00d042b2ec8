"""What scoring a response costs: an instrument of 30 items and more than 15 scales."""

import time

import pytest

from careplan.domain.answers import answered
from careplan.domain.keys import compute
from careplan.library import Library

pytestmark = pytest.mark.bench

MOST_MICROSECONDS = 50


def test_scoring_30_items_into_15_scales_takes_at_most_50_microseconds(library: Library, capsys) -> None:
    key = library.instrument("eortc_qlq_c30")
    assert len(key.items) >= 30
    assert len(key.scales) >= 15
    answers = {name: answered(list(item.points)[len(name) % 3]) for name, item in key.items.items()}
    rounds, best = 2000, float("inf")
    for _repeat in range(7):
        before = time.process_time()
        for _round in range(rounds):
            compute(key, answers)
        best = min(best, (time.process_time() - before) / rounds)
    with capsys.disabled():
        print(f"\nscoring {key.id}: {best * 1e6:.1f} µs a response")  # noqa: T201
    assert best * 1e6 <= MOST_MICROSECONDS
