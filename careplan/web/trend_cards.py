"""A trend with its chart, as the pages of patients and of nurses draw it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from careplan import charts
from careplan.i18n import in_sentence
from careplan.queries.trends import Trend


@dataclass(frozen=True, slots=True)
class Card:
    """`low` and `high` say what the ends of the axis mean; `readings` are those that the chart shows."""

    trend: Trend
    chart: charts.Trend
    low: str
    high: str
    value_heading: str
    readings: Sequence[charts.Reading]


def card(trend: Trend, events: Sequence[tuple[date, str]], readings: Sequence[charts.Reading] | None = None) -> Card:
    """`readings`: the latest only, where not all are to be shown."""
    shown = trend.readings if readings is None else readings
    low, high = f"{trend.minimum:g}", f"{trend.maximum:g}"
    chart = charts.trend(
        shown, low=trend.minimum, high=trend.maximum, events=events, limits=[limit.value for limit in trend.limits]
    )
    return Card(
        trend=trend,
        chart=chart,
        low=_end(low, trend.low),
        high=_end(high, trend.high),
        value_heading=_("Svar, %(low)s–%(high)s", low=low, high=high),
        readings=shown,
    )


def _end(number: str, words: str) -> str:
    return _("%(number)s = %(words)s", number=number, words=in_sentence(words)) if words else ""
