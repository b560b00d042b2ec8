"""Shares, small groups and times: how a unit's figures are counted, so that nobody can be found in them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from math import ceil


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of `whole`; both are hidden (None) where the group is too small to be shown."""

    group: str
    part: int | None
    whole: int | None

    @property
    def is_hidden(self) -> bool:
        return self.whole is None

    @property
    def percent(self) -> float | None:
        """None where it is hidden, or where there is nothing to have a share of."""
        if self.whole is None or self.part is None or not self.whole:
            return None
        return 100 * self.part / self.whole


def shielded(shares: Sequence[Share], smallest: int) -> list[Share]:
    """Groups under `smallest` are hidden. A lone one takes the next smallest along: the total would give it away."""
    small = [share for share in shares if share.whole and share.whole < smallest]
    if len(small) == 1:
        others = [share for share in shares if share.whole and share not in small]
        small += sorted(others, key=lambda share: share.whole or 0)[:1]
    return [replace(share, part=None, whole=None) if share in small else share for share in shares]


def whole(part: int, of: int, smallest: int) -> Share:
    """The figure of the whole unit."""
    return Share("", part, of) if of >= smallest else Share("", None, None)


def percentile(times: Iterable[timedelta], percent: int) -> timedelta | None:
    """Nearest rank: of 20 times the 95th percentile is the 19th. None of none."""
    ordered = sorted(times)
    return ordered[max(1, ceil(percent * len(ordered) / 100)) - 1] if ordered else None
