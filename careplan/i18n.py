"""Language, and the words for times and numbers: Swedish is the source, times are Swedish local time.

The interface speaks Swedish and what has a catalogue in translations/. Plans and forms may exist in more languages
than the buttons around them; a form that is being answered keeps the language that it was begun in.

Python's strings go through the same catalogues as the templates': `_("Hela meningar med %(name)s", name=name)`.
Where no language is chosen (a job, a test of pure code) the words come out in Swedish.
Hard spaces stand in "klockan 16", "10 november" and "3 dagar".
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_decimal
from flask import Flask, current_app, g
from flask_babel import Babel, force_locale, get_locale, gettext, refresh
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext as _ngettext

__all__ = ["TIME_ZONE", "_", "_l", "force_locale", "form_lang", "lang", "lang_dir", "languages", "ngettext", "speak"]

SOURCE = "sv"
TIME_ZONE = ZoneInfo("Europe/Stockholm")
# Written from right to left, and unknown to Babel, who knows it of the others.
RIGHT_TO_LEFT = frozenset({"prs"})
_LONG_RUN = re.compile(r"(\S{40})(?=\w)")
CATALOGUES = Path(__file__).resolve().parent.parent / "translations"

_: Callable[..., str] = gettext
ngettext: Callable[..., str] = _ngettext


def init_app(app: Flask, catalogues: Path = CATALOGUES) -> None:
    """The web layer puts the language this request wants in `g.language`; one we do not speak becomes Swedish."""
    spoken = {language: own_name(language) for language in (SOURCE, *_translated(catalogues))}

    def selected() -> str:
        wanted = g.get("language")
        return wanted if wanted in spoken else SOURCE

    app.extensions["languages"] = spoken
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(catalogues)
    Babel(app, default_locale=SOURCE, default_timezone=str(TIME_ZONE), locale_selector=selected)
    app.jinja_env.filters.update(
        clock=clock,
        oclock=oclock,
        day=day,
        short_day=short_day,
        full_day=full_day,
        moment=moment,
        short_moment=short_moment,
        appointment=appointment,
        by_when=by_when,
        time_left=time_left,
        duration=duration,
        number=number,
        upper_first=upper_first,
    )


def languages() -> Mapping[str, str]:
    """What the interface speaks: language to its own name, Swedish first."""
    spoken: Mapping[str, str] = current_app.extensions["languages"]
    return spoken


def lang() -> str:
    """The language being spoken now."""
    chosen = get_locale()
    return chosen.language if chosen else SOURCE


def speak(language: str) -> None:
    """From here on this page is in the language of its form; where the interface does not speak it, the form alone."""
    show_form_in(language)
    if language in languages():
        g.language = language
        refresh()


def show_form_in(language: str) -> None:
    g.form_language = language


def form_lang() -> str:
    """The language of the form on this page: the one it was begun in, or that of the reader."""
    chosen: str = g.get("form_language") or lang()
    return chosen


@lru_cache(maxsize=64)
def lang_dir(language: str) -> str:
    locale = _known(language)
    is_rtl = language in RIGHT_TO_LEFT if locale is None else locale.text_direction == "rtl"
    return "rtl" if is_rtl else "ltr"


def text_dir(text: str) -> str:
    """Which way a person's own words run, by their first letter: nobody was asked for the language."""
    kinds = (unicodedata.bidirectional(character) for character in text)
    return "rtl" if next((kind for kind in kinds if kind in ("L", "R", "AL")), "L") != "L" else "ltr"


def own_name(language: str) -> str:
    """What its speakers call it: Svenska, English, العربية."""
    locale = _known(language)
    return upper_first(locale.get_language_name(locale) or language) if locale else language


def name_of(language: str) -> str:
    """What it is called in the language being spoken: engelska, arabiska."""
    return _locale().languages.get(language, language)


def _known(language: str) -> Locale | None:
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return None


def _translated(catalogues: Path) -> list[str]:
    """A folder with a compiled catalogue is a language that we speak."""
    found = sorted(file.parent.parent.name for file in catalogues.glob("*/LC_MESSAGES/messages.mo"))
    return [language for language in found if language != SOURCE and _known(language)]


def local(at: datetime) -> datetime:
    """An instant as the clock on the wall in Sweden; a naive one is an error, not a guess."""
    if at.tzinfo is None:
        raise ValueError(f"an instant without a time zone: {at!r}")
    return at.astimezone(TIME_ZONE)


def clock(at: datetime) -> str:
    """8.15, 10.00"""
    wall = local(at)
    return _("%(hour)d.%(minute)02d", hour=wall.hour, minute=wall.minute)


def oclock(at: datetime) -> str:
    """klockan 16, klockan 9.30: in sentences the full hour has no zeros."""
    wall = local(at)
    if wall.minute:
        return _("klockan\u00a0%(time)s", time=clock(at))
    return _("klockan\u00a0%(hour)d", hour=wall.hour)


def day(on: date | datetime, today: date | datetime | None = None) -> str:
    """tisdag 10 november; with the year when `today` is given and the year is another"""
    on = _date(on)
    if today is not None and _date(today).year != on.year:
        return _pattern(on, "EEEE d\u00a0MMMM y")
    return _pattern(on, "EEEE d\u00a0MMMM")


def short_day(on: date | datetime) -> str:
    """2 nov: tables and charts"""
    return _pattern(_date(on), "d\u00a0MMM").rstrip(".")


def full_day(on: date | datetime) -> str:
    """12 november 2026: signatures and versions"""
    return _pattern(_date(on), "d\u00a0MMMM y")


def moment(at: datetime, now: datetime | None = None) -> str:
    """i dag 10.14, i morgon 9.00, tisdag 10 november 8.15"""
    return f"{_near(at, now) or day(at, now)} {clock(at)}"


def short_moment(at: datetime, now: datetime) -> str:
    """i dag 10.14, lör 21.05, 2 nov 10.14: work lists"""
    near = _near(at, now)
    if near is None:
        near = _pattern(_date(at), "EEE").rstrip(".") if abs(_days(now, at)) < 7 else short_day(at)
    return f"{near} {clock(at)}"


def appointment(at: datetime, now: datetime | None = None) -> str:
    """torsdag 19 november klockan 9.30, i dag klockan 12.14"""
    return f"{_near(at, now) or day(at, now)} {oclock(at)}"


def by_when(at: datetime, now: datetime) -> str:
    """senast onsdag klockan 10, senast i dag klockan 12.14; the date too when it is a week or more away"""
    near = _near(at, now)
    if near is None:
        near = _pattern(_date(at), "EEEE") if 0 < _days(now, at) < 7 else day(at, now)
    return _("senast %(day)s %(time)s", day=near, time=oclock(at))


def time_left(due: datetime, now: datetime) -> str:
    """1 tim 54 min kvar, 2 dagar kvar, 3 dagar försenad: minutes the same day, else days by the calendar"""
    days = abs(_days(now, due))
    amount = ngettext("%(num)s\u00a0dag", "%(num)s\u00a0dagar", days) if days else duration(abs(due - now))
    if due < now:
        return _("%(amount)s försenad", amount=amount)
    return _("%(amount)s kvar", amount=amount)


def duration(length: timedelta) -> str:
    """20 min, 2 tim, 1 tim 54 min; begun minutes do not count"""
    hours, minutes = divmod(int(length.total_seconds()) // 60, 60)
    if not hours:
        return _("%(minutes)d\u00a0min", minutes=minutes)
    if not minutes:
        return _("%(hours)d\u00a0tim", hours=hours)
    return _("%(hours)d\u00a0tim %(minutes)d\u00a0min", hours=hours, minutes=minutes)


def number(value: int | float | Decimal, decimals: int | None = None) -> str:
    """66,7 and 1 200; `decimals` fixes how many, otherwise as many as there are, at most two"""
    pattern = "#,##0.##" if decimals is None else "#,##0" + ("." + "0" * decimals if decimals else "")
    return format_decimal(value, format=pattern, locale=_locale())


def upper_first(text: str) -> str:
    """The first letter large, the rest left alone: a sentence that begins with a day."""
    return text[:1].upper() + text[1:]


def breakable(text: str) -> str:
    """The same words, with places where a very long one may break: to set one of 100,000 letters takes minutes."""
    return _LONG_RUN.sub("\\1\u200b", text)


def in_sentence(name: str) -> str:
    """A label within a sentence: "Andnöd" as "andnöd", but "PSA" as it is."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def _locale() -> Locale:
    return get_locale() or Locale(SOURCE)


def _pattern(on: date, pattern: str) -> str:
    return format_date(on, format=pattern, locale=_locale())


def _date(at: date | datetime) -> date:
    return local(at).date() if isinstance(at, datetime) else at


def _days(start: datetime, end: datetime) -> int:
    return (_date(end) - _date(start)).days


def _near(at: datetime, now: datetime | None) -> str | None:
    if now is None:
        return None
    # Only the word that is wanted is looked up: a work list asks this twice a row.
    match _days(now, at):
        case -1:
            return _("i\u00a0går")
        case 0:
            return _("i\u00a0dag")
        case 1:
            return _("i\u00a0morgon")
    return None
