"""How figures are said: groups, shares and times."""

from dataclasses import dataclass
from datetime import timedelta

from babel import Locale
from babel.numbers import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from careplan.domain.figures import Share
from careplan.i18n import duration, lang
from careplan.queries.figures import Times
from careplan.web.labels import DOMAINS, NEED_LEVELS
from careplan.web.manage.rules_form import LEVELS
from careplan.web.printing import HAPPENINGS

GROUPS = {
    "event": _l("Vid vilken händelse"),
    "age": _l("Efter ålder"),
    "language": _l("Efter språk"),
    "mode": _l("Efter sätt att svara"),
    **{domain.value: words for domain, words in DOMAINS.items()},
}
MODES = {"web": _l("på webben"), "paper": _l("på papper"), "phone": _l("per telefon"), "kiosk": _l("på surfplatta")}


def group_in_words(by: str, group: str) -> str:
    """ "40–64 år", "svenska", "på papper", "Särskilda"."""
    match by:
        case "age" if group == "unknown":
            return _("okänd ålder")
        case "age":
            low, high = group.split("-")
            return _("%(low)s–%(high)s år", low=low, high=high) if high else _("%(low)s år och äldre", low=low)
        case "language":
            return str(Locale.parse(group).get_display_name(lang()) or group)
        case "mode":
            return str(MODES.get(group, group))
        case "event":
            return str(HAPPENINGS[group])
    return str(NEED_LEVELS[next(level for level in NEED_LEVELS if level.value == group)])


def percent(share: Share) -> str:
    """ "82 % (41 av 50)"; a hidden group says so."""
    if share.is_hidden:
        return _("för få för att visas")
    if share.percent is None:
        return "–"
    figure = format_decimal(round(share.percent), locale=lang())
    return _("%(percent)s\u00a0%% (%(part)s av %(whole)s)", percent=figure, part=share.part, whole=share.whole)


@dataclass(frozen=True, slots=True)
class TimeWords:
    level: str
    count: int
    read: tuple[str, str]
    done: tuple[str, str]


def times_in_words(times: Times) -> TimeWords:
    """Working time; "–" where nothing was read or ended yet."""
    return TimeWords(
        str(LEVELS[times.level]),
        times.count,
        (_said(times.read_median), _said(times.read_95)),
        (_said(times.done_median), _said(times.done_95)),
    )


def _said(time: timedelta | None) -> str:
    return "–" if time is None else str(duration(time))
