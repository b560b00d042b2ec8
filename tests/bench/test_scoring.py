"""What scoring a response costs: an instrument of 30 items and more than 15 scales."""

from collections.abc import Callable

import pytest

from careplan.domain.answers import answered
from careplan.domain.keys import compute
from careplan.library import Library
from tests.bench.conftest import cpu_seconds

pytestmark = pytest.mark.bench

MOST_MICROSECONDS = 50


def test_scoring_30_items_into_15_scales_takes_at_most_50_microseconds(
    library: Library, figure: Callable[..., None]
) -> None:
    """All stored scores can be computed anew: 100,000 responses in seconds."""
    key = library.instrument("eortc_qlq_c30")
    assert len(key.items) >= 30
    assert len(key.scales) >= 15
    answers = {name: answered(list(item.points)[len(name) % 3]) for name, item in key.items.items()}
    best = cpu_seconds(lambda: compute(key, answers), rounds=2000)
    figure(f"scoring {key.id}", best * 1e6, "µs", at_most=MOST_MICROSECONDS)
