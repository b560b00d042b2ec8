"""A signed plan laid out for reading: phases on a line with "here you are", and what is new."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from careplan.domain.team import Contact, hours_in_words
from careplan.i18n import day, full_day, lang, local, upper_first
from careplan.library.revisions import chapters_in

# How long a change stays marked.
NEWS = timedelta(days=30)
CHANGED = {
    "new": lazy_gettext("Nytt kapitel"),
    "note": lazy_gettext("Ny anteckning till dig"),
    "text": lazy_gettext("Ny text"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A chapter in a list; `news` is empty where nothing is new."""

    title: str
    url: str
    news: str
    lang: str
    is_fallback: bool  # in Swedish, where the plan is in another language


@dataclass(frozen=True, slots=True)
class PhaseLine:
    """`state` is done, here or next."""

    title: str
    state: str
    chapters: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    greeting: str
    phases: tuple[PhaseLine, ...]
    always: tuple[Line, ...]
    lang: str
    has_place: bool
    is_reviewed: bool


def reading(
    content: Mapping[str, Any], *, url: Callable[[str], str], now: datetime, new: Mapping[str, str] | None = None
) -> Reading:
    """The content of a revision (models.PlanRevision) as a page shows it; `url` gives a chapter's address.

    `new` is what differs to this reader, by chapter; None for who has read no version before.
    """
    today = local(now).date()

    def line(chapter: Mapping[str, Any]) -> Line:
        changed = chapter["changed"] if new is None or chapter["id"] in new else None
        if changed is not None and new is not None:
            news = _news_in_words(new[chapter["id"]], date.fromisoformat(changed["on"]), today)
        else:
            news = _news(changed, today)
        return Line(
            chapter["title"], url(chapter["id"]), news, chapter["lang"], is_fallback=chapter["lang"] != content["lang"]
        )

    def lines(chapters: list[dict[str, Any]]) -> tuple[Line, ...]:
        return tuple(line(each) for each in chapters)

    ids = [phase["id"] for phase in content["phases"]]
    here = ids.index(content["phase"]) if content["phase"] in ids else None
    return Reading(
        greeting=content["greeting"],
        phases=tuple(
            PhaseLine(phase["title"], _state(place, here), lines(phase["chapters"]))
            for place, phase in enumerate(content["phases"])
        ),
        always=lines(content["always"]),
        lang=content["lang"],
        has_place=here is not None,
        is_reviewed=all(chapter["review"]["status"] != "not-reviewed" for chapter in chapters_in(content)),
    )


@dataclass(frozen=True, slots=True)
class ChapterPage:
    """One chapter with all that stands around its text. `to` is empty where the patient reads."""

    text: Mapping[str, Any]
    lang: str
    phone: str
    hours: str
    writer: str
    to: str
    reviewed: str
    is_fallback: bool = False  # in Swedish, where the plan is in another language


def chapter_page(text: Mapping[str, Any], *, content_lang: str, contact: Contact, writer: str, to: str) -> ChapterPage:
    return ChapterPage(
        text=text,
        lang=text["lang"],
        is_fallback=text["lang"] != content_lang,
        phone=contact.phone,
        hours=upper_first(hours_in_words(contact.hours, lang())),
        writer=writer,
        to=to,
        reviewed=review_in_words(text["review"]),
    )


def review_in_words(review: Mapping[str, Any]) -> str:
    if review["status"] == "own":
        return _("Skrivet till dig av %(name)s.", name=review["by"])
    if review["status"] != "reviewed":
        return _("Texten är inte granskad av vårdpersonal än.")
    return _("Granskad %(day)s av %(name)s.", day=full_day(date.fromisoformat(review["on"])), name=review["by"])


def _state(place: int, here: int | None) -> str:
    if here is None or place > here:
        return "next"
    return "here" if place == here else "done"


def _news(changed: Mapping[str, str] | None, today: date) -> str:
    if changed is None or today - date.fromisoformat(changed["on"]) > NEWS:
        return ""
    return _news_in_words(changed["what"], date.fromisoformat(changed["on"]), today)


def _news_in_words(what: str, on: date, today: date) -> str:
    return _("%(what)s %(day)s", what=str(CHANGED[what]), day=day(on, today))
