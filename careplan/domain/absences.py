"""Who answers while somebody is away, and when nobody does."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from careplan.domain.errors import CareplanError

# How long before it an absence that nobody covers is shown to the manager.
AHEAD = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Away:
    """One absence: from and to are instants, the end not part of it."""

    who: UUID
    cover: UUID | None
    from_at: datetime
    to_at: datetime

    def holds(self, at: datetime) -> bool:
        return self.from_at <= at < self.to_at

    def overlaps(self, other: "Away") -> bool:
        return self.from_at < other.to_at and other.from_at < self.to_at


class EndsBeforeStart(CareplanError):
    """An absence has a last day before its first."""


class AbsenceInThePast(CareplanError):
    """All of it has been."""


class OwnCover(CareplanError):
    """Nobody covers for themself."""


class CoverIsAway(CareplanError):
    """The one who should cover is absent then."""


class CoverLoops(CareplanError):
    """Following who covers for whom leads back to the one who is away."""


class AlreadyAway(CareplanError):
    """There is an absence on some of these days already: change that one."""


def who_answers(who: UUID, present: Collection[UUID], covers: Mapping[UUID, UUID | None]) -> UUID | None:
    """The one who is there: themself, else along the chain of covers; None where it ends or goes round."""
    asked: set[UUID] = set()
    next_one: UUID | None = who
    while next_one is not None and next_one not in asked:
        if next_one in present:
            return next_one
        asked.add(next_one)
        next_one = covers.get(next_one)
    return None


def check(planned: Away, others: Sequence[Away]) -> None:
    """That this absence can stand beside the others of the unit (without itself, where it is changed)."""
    if planned.to_at <= planned.from_at:
        raise EndsBeforeStart
    if any(other.who == planned.who and other.overlaps(planned) for other in others):
        raise AlreadyAway
    if planned.cover is None:
        return
    if planned.cover == planned.who:
        raise OwnCover
    if _leads_back(planned, others):
        raise CoverLoops
    if any(other.who == planned.cover and other.overlaps(planned) for other in others):
        raise CoverIsAway


def _leads_back(planned: Away, others: Sequence[Away]) -> bool:
    seen: set[UUID] = set()
    following = {planned.cover}
    while following:
        who = following.pop()
        if who == planned.who:
            return True
        if who is None or who in seen:
            continue
        seen.add(who)
        following |= {other.cover for other in others if other.who == who and other.overlaps(planned)}
    return False


def uncovered_from(
    away: Away, others: Sequence[Away], seats: Collection[UUID], standing: Mapping[UUID, UUID | None]
) -> datetime | None:
    """The first moment of the absence when nobody has been chosen or is there; None when somebody is all the time.

    `seats` are those who work at the unit; `standing` who covers for each as a rule, for a cover who is away in turn.
    """
    if away.cover is None:
        return away.from_at
    moments = {away.from_at} | {
        moment for other in others for moment in (other.from_at, other.to_at) if away.holds(moment)
    }
    for moment in sorted(moments):
        holding = [other for other in (*others, away) if other.holds(moment)]
        gone = {other.who for other in holding}
        covers = dict(standing) | {other.who: other.cover for other in holding if other.cover is not None}
        if who_answers(away.who, set(seats) - gone, covers) is None:
            return moment
    return None
