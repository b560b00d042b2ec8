"""Where to turn for help: what an offer gives, to whom, and which offers hold for one person."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from careplan.domain.needs import AREAS
from careplan.domain.questionnaire import Source


class Audience(StrEnum):
    PATIENT = "patient"
    RELATIVE = "relative"
    CHILD = "child"
    YOUNG_ADULT = "young-adult"


@dataclass(frozen=True, slots=True)
class Resource:
    """One offer. Texts are by language; no regions means the whole country; not checked is None."""

    id: str
    title: Mapping[str, str]
    gives: Mapping[str, str]
    how: Mapping[str, str] | None
    needs: tuple[str, ...]
    audiences: frozenset[Audience]
    regions: frozenset[str]
    phone: str
    web: str
    source: Source
    checked_on: date | None

    @property
    def is_national(self) -> bool:
        return not self.regions


def offered(resources: Iterable[Resource], *, region: str, audience: Audience | None = None) -> list[Resource]:
    """What holds in this region, what is the region's own first; all of it where no audience is asked for."""
    there = [
        each
        for each in resources
        if (each.is_national or region in each.regions) and (audience is None or audience in each.audiences)
    ]
    return sorted(there, key=lambda each: each.is_national)


def by_area(resources: Sequence[Resource], first: Sequence[str] = ()) -> list[tuple[str, list[Resource]]]:
    """The offers of each area that has any, these areas first; an offer stands in every area that it helps in."""
    known = [area.id for area in AREAS]
    order = [*(area for area in first if area in known), *(area for area in known if area not in first)]
    groups = [(area, [each for each in resources if area in each.needs]) for area in order]
    return [(area, found) for area, found in groups if found]
