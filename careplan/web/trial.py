"""What a trial of rules says: figures side by side, and a warning where nobody would keep up."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel.numbers import format_decimal, format_percent
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from careplan.domain.simulation import MOST_FLAGGED, MOST_RED, PERIOD, is_too_flagged, is_too_red, share
from careplan.domain.triage import Level
from careplan.i18n import lang

LEVELS = {Level.RED.value: _l("bedömas nu"), Level.YELLOW.value: _l("ses"), None: _l("ingen flagga")}
WEEKS = PERIOD.days / 7


@dataclass(frozen=True, slots=True)
class Column:
    """One set of rules in figures, as people read them; "–" where there is nothing to count on."""

    red: str
    yellow: str
    flagged: str
    per_week: str
    per_nurse: str
    busiest: str


@dataclass(frozen=True, slots=True)
class Outcome:
    responses: int
    now: Column
    proposed: Column
    warnings: tuple[str, ...]
    moves: tuple[tuple[str, str, int], ...]
    changed: tuple[tuple[str, date, str, str], ...]


def trial_words(result: Mapping[str, Any]) -> Outcome:
    responses, nurses = result["responses"], result["nurses"]
    return Outcome(
        responses=responses,
        now=_column(result["now"], responses, nurses),
        proposed=_column(result["proposed"], responses, nurses),
        warnings=tuple(_warnings(result["proposed"], responses)),
        moves=tuple((str(LEVELS[before]), str(LEVELS[after]), number) for before, after, number in result["moves"]),
        changed=tuple(
            (number, date.fromisoformat(on), str(LEVELS[before]), str(LEVELS[after]))
            for number, on, before, after in result["changed"]
        ),
    )


def _column(load: Mapping[str, Any], responses: int, nurses: int) -> Column:
    flagged = load["red"] + load["yellow"]
    per_week = flagged / WEEKS
    return Column(
        red=_counted(load["red"], responses),
        yellow=_counted(load["yellow"], responses),
        flagged=_counted(flagged, responses),
        per_week=_decimal(per_week),
        per_nurse=_decimal(per_week / nurses) if nurses else "–",
        busiest=str(max(load["weeks"].values(), default=0)),
    )


def _warnings(load: Mapping[str, Any], responses: int) -> list[str]:
    red, flagged = load["red"], load["red"] + load["yellow"]
    said = []
    if is_too_flagged(flagged, responses):
        said.append(
            _(
                "%(share)s av svaren skulle flaggas. Mer än %(most)s är svårt att hinna med.",
                share=_percent(flagged / responses),
                most=_percent(MOST_FLAGGED),
            )
        )
    if is_too_red(red, responses):
        said.append(
            _(
                "%(share)s av svaren skulle behöva bedömas nu. Mer än %(most)s gör att det som brådskar inte syns.",
                share=_percent(red / responses),
                most=_percent(MOST_RED),
            )
        )
    return said


def _counted(number: int, whole: int) -> str:
    part = share(number, whole)
    return f"{number} ({_percent(part)})" if part is not None else str(number)


def _percent(part: float) -> str:
    return str(format_percent(part, format="#,##0.# %", locale=lang()))


def _decimal(value: float) -> str:
    return str(format_decimal(value, format="#,##0.#", locale=lang()))
