"""From a summary to the HTML of a printed document: what stands in it, in the language of the plan."""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from careplan import charts
from careplan.domain.resources import Resource, offered
from careplan.domain.team import Contact, hours_in_words
from careplan.domain.worktime import OpeningHours
from careplan.i18n import force_locale, full_day, lang, lang_dir
from careplan.library.revisions import chapters_in
from careplan.queries.summary import Summary
from careplan.queries.trends import Trend
from careplan.web.printed_links import PrintedLink, links_in, printed_link, without_links
from careplan.web.reading import review_in_words
from careplan.web.templating import marked

PAPER_SIZES = ("14", "18")  # points

HAPPENINGS = {
    "plan-start": lazy_gettext("Vårdplanen började gälla"),
    "diagnosis-told": lazy_gettext("Besked om diagnos"),
    "treatment-start": lazy_gettext("Behandling började"),
    "treatment-follow-up": lazy_gettext("Uppföljning under behandling"),
    "treatment-end": lazy_gettext("Behandling avslutades"),
    "treatment-change": lazy_gettext("Behandlingen ändrades"),
    "progression": lazy_gettext("Sjukdomen har ändrats"),
    "palliative-intent": lazy_gettext("Vård för att bromsa och lindra"),
    "late-palliative": lazy_gettext("Vård för att lindra"),
    "admission": lazy_gettext("Inskriven på sjukhus"),
    "discharge": lazy_gettext("Utskriven från sjukhus"),
    "primary-care": lazy_gettext("Vården fortsätter på vårdcentralen"),
    "unit-change": lazy_gettext("Byte av mottagning"),
    "new-caregiver": lazy_gettext("Ny kontakt i vården"),
    "follow-up": lazy_gettext("Uppföljning"),
}

_PLACE = "\ufffc"


@dataclass(frozen=True, slots=True)
class Parts:
    """What of the plan is printed; chapters by id."""

    has_summary: bool = True
    has_rehabilitation: bool = True
    has_curves: bool = True
    has_resources: bool = False
    chapters: frozenset[str] = frozenset()

    def names(self) -> tuple[str, ...]:
        """What tells one choice from another."""
        named = ("summary", "rehabilitation", "curves", "resources")
        return (*(name for name in named if getattr(self, f"has_{name}")), *sorted(self.chapters))


@dataclass(frozen=True, slots=True)
class Step:
    title: str
    state: str  # done, here, later


def document(summary: Summary, parts: Parts, *, size: str, hours: str = "") -> str:
    """The whole document as HTML. `hours` in words stands for the unit's own, where there is no unit."""
    with force_locale(summary.content["lang"]):
        values = context(summary, parts, size)
        if hours:
            values["hours"] = hours
        return environment().get_template("pdf/document.html").render(values)


def inputs(summary: Summary, parts: Parts, *, size: str) -> str:
    """All that the document's text depends on, as one short word: a signed version never changes."""
    content = summary.content
    of_version = (content["phase"], content["greeting"], [chapter["id"] for chapter in chapters_in(content)])
    told = replace(summary, content={}, at=summary.signed_at)
    return hashlib.sha256(repr((told, of_version, parts.names(), size)).encode()).hexdigest()


def template_document(
    content: dict[str, Any], facts: Mapping[str, Mapping[str, str]], *, at: datetime, size: str = PAPER_SIZES[0]
) -> str:
    """A whole template for a made-up patient: what library.revisions.render_plan gave, and the facts it was given."""
    nurse, unit, nobody = facts["nurse"], facts["unit"], UUID(int=0)
    contact = Contact(
        unit_id=nobody,
        unit_name=unit["name"],
        unit_phone=unit["phone"],
        unit_address=unit["address"],
        hours=OpeningHours((None,) * 7),
        nurse_name=nurse["name"],
        nurse_first_name=nurse["first_name"],
        nurse_phone=nurse["phone"],
        cover_name=facts["cover"]["name"],
    )
    summary = Summary(
        plan_id=nobody,
        patient_id=nobody,
        unit_id=nobody,
        patient_name=facts["patient"]["first_name"],
        born_in=None,
        contact=contact,
        number=0,
        signed_by=nurse["name"],
        signed_at=at,
        changed_at=at,
        content=content,
        visits=(),
        happenings=(),
        goals=(),
        trends=(),
        marks=(),
        has_chapters=True,
        uses_paper=False,
        at=at,
    )
    every = frozenset(chapter["id"] for chapter in chapters_in(content))
    return document(summary, Parts(has_summary=False, chapters=every), size=size, hours=nurse["hours"])


def calls(content: dict[str, Any]) -> list[Markup]:
    """When to ring at once: what always holds; else what holds where the patient is; else all there is."""
    now = [chapter for phase in content["phases"] if phase["id"] == content["phase"] for chapter in phase["chapters"]]
    for chapters in (content["always"], now, list(chapters_in(content))):
        found = [Markup(without_links(chapter["call"])) for chapter in chapters if chapter["call"]]
        if found:
            return found
    return []


def steps(content: dict[str, Any]) -> list[Step]:
    """The phases, with what lies behind and before; nothing where the plan does not say where the patient is."""
    ids = [phase["id"] for phase in content["phases"]]
    if content["phase"] not in ids:
        return []
    here = ids.index(content["phase"])
    states = ["done"] * here + ["here"] + ["later"] * (len(ids) - here - 1)
    return [Step(phase["title"], state) for phase, state in zip(content["phases"], states, strict=True)]


def context(summary: Summary, parts: Parts, size: str) -> dict[str, Any]:
    """What stands on paper, in the language of the moment."""
    content, spoken = summary.content, lang()
    before, between, after = _("Sidan %(page)s av %(pages)s", page=_PLACE, pages=_PLACE).split(_PLACE)
    return {
        "lang": spoken,
        "dir": lang_dir(spoken),
        "size": size,
        "title": _title(parts),
        "stamp": _stamp(summary),
        "page_words": (before, between, after),
        "summary": summary,
        "contact": summary.contact,
        "hours": hours_in_words(summary.contact.hours, spoken),
        "content": content,
        "content_lang": content["lang"],
        "content_dir": lang_dir(content["lang"]),
        "calls": calls(content),
        "has_summary": parts.has_summary,
        "goals": summary.goals if parts.has_rehabilitation else (),
        "is_alone": parts == Parts(has_summary=False, has_curves=False),
        "curves": _curves(summary) if parts.has_curves else [],
        "steps": steps(content) if parts.has_summary else [],
        "happenings": [(each.title or HAPPENINGS[each.kind], each.on) for each in summary.happenings],
        "resources": _resources(summary) if parts.has_resources else [],
        "groups": list(_groups(content, parts.chapters)) if summary.has_chapters else [],
    }


def _stamp(summary: Summary) -> str:
    """On every page, so that a loose sheet says which version it is of, and from when."""
    day = full_day(summary.changed_at)
    return _("version %(number)s, %(day)s", number=summary.number, day=day) if summary.number else day


def _title(parts: Parts) -> str:
    if parts.chapters:
        return _("Min vårdplan")
    if parts == Parts(has_summary=False, has_rehabilitation=False, has_curves=False, has_resources=True):
        return _("Stöd och hjälp")
    if parts.has_summary:
        return _("Min vårdplan, sammanfattning")
    return _("Min rehabiliteringsplan") if parts.has_rehabilitation else _("Så har du mått")


def _curves(summary: Summary) -> list[tuple[Trend, charts.Trend]]:
    return [
        (
            each,
            charts.trend(
                each.readings,
                low=each.minimum,
                high=each.maximum,
                events=summary.marks,
                limits=[limit.value for limit in each.limits],
            ),
        )
        for each in summary.trends
    ]


def _groups(content: dict[str, Any], chosen: Collection[str]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The chosen chapters under their phase, their texts ready for paper."""
    named = [(phase["title"], phase["chapters"]) for phase in content["phases"]]
    for title, chapters in [*named, (_("Gäller hela tiden"), content["always"])]:
        printed = [_on_paper(chapter, content["lang"]) for chapter in chapters if chapter["id"] in chosen]
        if printed:
            yield title, printed


def _on_paper(chapter: dict[str, Any], around: str) -> dict[str, Any]:
    texts = [chapter["key"], chapter["call"], chapter["intro"], *(each["html"] for each in chapter["sections"])]
    return chapter | {
        "links": links_in(texts),
        "in_lang": marked(chapter["lang"]) if chapter["lang"] != around else "",
        "is_fallback": chapter["lang"] != around,
        "around": marked(around),
        "key": Markup(without_links(chapter["key"])) if chapter["key"] else None,
        "call": Markup(without_links(chapter["call"])) if chapter["call"] else None,
        "intro": Markup(without_links(chapter["intro"])),
        "sections": [
            (Markup(section["title"]), Markup(without_links(section["html"]))) for section in chapter["sections"]
        ],
        "reviewed": review_in_words(chapter["review"]),
    }


def _resources(summary: Summary) -> list[tuple[Resource, PrintedLink | None]]:
    """What helps in the areas that were assessed, or all there is; the region's own first."""
    offers = offered(current_app.extensions["resources"].offers, region=summary.region)
    wanted = set(summary.areas)
    return [
        (each, printed_link(each.web) if each.web else None)
        for each in offers
        if not wanted or wanted.intersection(each.needs)
    ]


def environment() -> Environment:
    """The app's, where an undefined name is an error even in a chain. One for all: it keeps what it has compiled."""
    made = current_app.extensions.get("paper")
    if made is None:
        made = current_app.extensions["paper"] = current_app.jinja_env.overlay(undefined=StrictUndefined)
    found: Environment = made
    return found
