"""Whom the patient turns to: the contact nurse, who covers, and when the telephone is open."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from uuid import UUID

from careplan.domain.tasks import USUAL_TIMES, ResponseTimes
from careplan.domain.worktime import OpeningHours

_DAYS = {
    "sv": ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_WEEKDAYS = {"sv": "vardagar", "en": "weekdays"}


@dataclass(frozen=True, slots=True)
class Contact:
    """The contact of one patient at one unit. Without a nurse the unit itself answers.

    `answers_id` and `answers_name` are who answers at that moment: the nurse, or the cover while the nurse is away.
    While the nurse is away `cover_id` is who is there instead, else who covers as a rule.
    """

    unit_id: UUID
    unit_name: str
    unit_phone: str
    unit_address: str
    hours: OpeningHours
    nurse_id: UUID | None = None
    nurse_name: str = ""
    nurse_first_name: str = ""
    nurse_title: str = ""
    nurse_phone: str = ""
    cover_id: UUID | None = None
    cover_name: str = ""
    is_away: bool = False
    away_until: datetime | None = None  # the last moment of it
    cover_text: str = ""  # the unit's own words about who answers then
    times: ResponseTimes = USUAL_TIMES
    # As models.Unit.facts has them: language -> name -> text.
    unit_facts: Mapping[str, Mapping[str, str]] = field(default_factory=dict, hash=False)

    @property
    def phone(self) -> str:
        return self.nurse_phone or self.unit_phone

    @property
    def answers_id(self) -> UUID | None:
        return self.cover_id if self.is_away else self.nurse_id

    @property
    def answers_name(self) -> str:
        return (self.cover_name if self.is_away else self.nurse_name) or self.unit_name


def fact_in(facts: Mapping[str, Mapping[str, str]], name: str, lang: str) -> str:
    """In this language, else in Swedish; empty where the unit has not told."""
    return facts.get(lang, {}).get(name, "") or facts.get("sv", {}).get(name, "")


def hours_in_words(hours: OpeningHours, lang: str) -> str:
    """Telephone hours as people say them: "vardagar 8–16", or day by day where days differ."""
    lang = lang if lang in _DAYS else "sv"
    weekdays, weekend = hours.weekly[:5], hours.weekly[5:]
    if len(set(weekdays)) == 1 and weekdays[0] is not None and not any(weekend):
        return f"{_WEEKDAYS[lang]} {_span(*weekdays[0])}"
    days = zip(_DAYS[lang], hours.weekly, strict=True)
    return ", ".join(f"{day} {_span(*span)}" for day, span in days if span is not None)


def _span(opens: time, shuts: time) -> str:
    return f"{_wall(opens)}–{_wall(shuts)}"


def _wall(at: time) -> str:
    return f"{at.hour}.{at.minute:02}" if at.minute else f"{at.hour}"
