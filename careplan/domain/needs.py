"""Areas of need, the four domains they belong to, the level a person sets, and how a goal went."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from careplan.domain.errors import CareplanError
from careplan.domain.plan import EVENTS


class Domain(StrEnum):
    PHYSICAL = "physical"
    PSYCHOLOGICAL = "psychological"
    SOCIAL = "social"
    EXISTENTIAL = "existential"


@dataclass(frozen=True, slots=True)
class Area:
    id: str
    domain: Domain


AREAS: tuple[Area, ...] = (
    Area("strength", Domain.PHYSICAL),
    Area("pain", Domain.PHYSICAL),
    Area("sleep", Domain.PHYSICAL),
    Area("food", Domain.PHYSICAL),
    Area("intimacy", Domain.PHYSICAL),
    Area("mood", Domain.PSYCHOLOGICAL),
    Area("work", Domain.SOCIAL),
    Area("family", Domain.SOCIAL),
    Area("meaning", Domain.EXISTENTIAL),
)
AREA_IDS = frozenset(area.id for area in AREAS)


class NeedLevel(StrEnum):
    """From no need to very advanced; compared by that order, not by the letters."""

    NONE = "none"
    BASIC = "basic"
    PARTICULAR = "particular"
    ADVANCED = "advanced"
    VERY_ADVANCED = "very-advanced"

    @property
    def rank(self) -> int:
        return list(NeedLevel).index(self)

    def __lt__(self, other: str) -> bool:
        return self.rank < NeedLevel(other).rank

    def __le__(self, other: str) -> bool:
        return self.rank <= NeedLevel(other).rank

    def __gt__(self, other: str) -> bool:
        return self.rank > NeedLevel(other).rank

    def __ge__(self, other: str) -> bool:
        return self.rank >= NeedLevel(other).rank


class GoalOutcome(StrEnum):
    ACHIEVED = "achieved"
    PARTLY = "partly-achieved"
    NOT = "not-achieved"


class Mode(StrEnum):
    """How the conversation was held."""

    VISIT = "visit"
    PHONE = "phone"
    VIDEO = "video"


class Children(StrEnum):
    """Whether there are children under 18 in the family; asked each time."""

    YES = "yes"
    NO = "no"
    NOT_ASKED = "not-asked"


# Why needs are assessed: an event of the pathway, or because somebody thought it right.
OWN_INITIATIVE = "own-initiative"
REASONS = (*EVENTS, OWN_INITIATIVE)


class UnknownArea(CareplanError):
    def __init__(self, area: str) -> None:
        super().__init__(area)
        self.area = area


def area(area_id: str) -> Area:
    for known in AREAS:
        if known.id == area_id:
            return known
    raise UnknownArea(area_id)


def highest_by_domain(levels: Mapping[str, NeedLevel]) -> dict[Domain, NeedLevel]:
    """The highest level among the assessed areas of each domain; a domain without an assessed area is absent."""
    highest: dict[Domain, NeedLevel] = {}
    for area_id, level in levels.items():
        domain = area(area_id).domain
        highest[domain] = max(level, highest.get(domain, level))
    return {domain: highest[domain] for domain in Domain if domain in highest}
