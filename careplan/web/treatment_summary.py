"""The treatment summary in words: what its parts are called, what the plan proposes for them, and its one page."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from html import unescape
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from jinja2 import StrictUndefined

from careplan.domain.plan import PlanDefinition
from careplan.domain.team import Contact, hours_in_words
from careplan.domain.treatment_summary import LATE_PHASES, PARTS
from careplan.i18n import appointment, force_locale, full_day, lang, lang_dir, upper_first
from careplan.library.revisions import Content, chapters_in
from careplan.models import Appointment, Goal, PlanEvent, TreatmentSummary
from careplan.web.printing import HAPPENINGS

LABELS = {
    "diagnosis": lazy_gettext("Sjukdom"),
    "treatments": lazy_gettext("Behandling som är gjord"),
    "late_effects": lazy_gettext("Besvär som kan komma sent"),
    "alarm": lazy_gettext("Hör av dig direkt om"),
    "follow_up": lazy_gettext("Uppföljning"),
    "who_does_what": lazy_gettext("Vem som gör vad"),
    "phone": lazy_gettext("Direktnummer"),
}
HINTS = {
    "diagnosis": lazy_gettext("Vilken sjukdom, och när beskedet kom."),
    "treatments": lazy_gettext("En behandling på varje rad, med datum."),
    "late_effects": lazy_gettext("Det patienten ska hålla ögonen på."),
    "alarm": lazy_gettext("En sak på varje rad. Skriv till patienten."),
    "follow_up": lazy_gettext("När, var och av vem."),
    "who_does_what": lazy_gettext("Vad mottagningen gör, och vad vårdcentralen gör."),
    "phone": lazy_gettext("Vem som svarar, på vilket nummer och när."),
}
MOST_LATE, MOST_ALARMS, MOST_VISITS = 6, 3, 2
_ITEM = re.compile(r"<li>(.*?)</li>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_PLACE = "\ufffc"


def proposal(
    definition: PlanDefinition,
    content: Content,
    *,
    treatments: Sequence[str],
    events: Sequence[PlanEvent],
    visits: Sequence[Appointment],
    goals: Sequence[Goal],
    contact: Contact,
) -> dict[str, str]:
    """A first text for each part, drawn from the plan and in its language; the nurse makes it true."""
    with force_locale(definition.lang):
        return {
            "diagnosis": _diagnosis(definition, events),
            "treatments": "\n".join([*_titles(definition, treatments), *_dated(events)]),
            "late_effects": "; ".join(_late(content)),
            "alarm": "\n".join(_alarms(content)),
            "follow_up": "\n".join([*_visits(visits), *_reviews(goals)]),
            "who_does_what": _who(contact),
            "phone": _phone(contact),
        }


def document(signed: TreatmentSummary, contact: Contact, *, size: str) -> str:
    """The one page as HTML, in the language of the plan."""
    content = signed.content
    with force_locale(content["lang"]):
        before, between, after = _("Sidan %(page)s av %(pages)s", page=_PLACE, pages=_PLACE).split(_PLACE)
        born_on = content["patient"]["born_on"]
        context: dict[str, Any] = {
            "lang": lang(),
            "dir": lang_dir(lang()),
            "size": size,
            "title": _("Sammanfattning av behandlingen"),
            "stamp": _("version %(number)d, %(day)s", number=signed.number, day=full_day(signed.signed_at)),
            "page_words": (before, between, after),
            "contact": contact,
            "hours": hours_in_words(contact.hours, lang()),
            "summary": content,
            "born_on": full_day(date.fromisoformat(born_on)) if born_on else "",
            "signed": signed,
            "rows": rows(content["parts"]),
            "missing": missing_in_words(content["missing"]),
        }
        environment = current_app.jinja_env.overlay(undefined=StrictUndefined)
        return environment.get_template("pdf/treatment_summary.html").render(context)


def rows(parts: Mapping[str, str]) -> list[tuple[str, list[str]]]:
    """Each part's name with its lines; one that says nothing has none."""
    return [(str(LABELS[part]), parts.get(part, "").split("\n") if parts.get(part) else []) for part in PARTS]


def missing_in_words(parts: Sequence[str]) -> str:
    """Empty where it is complete."""
    names = ", ".join(str(LABELS[part]).lower() for part in parts)
    return _("Inte komplett. Det här saknas: %(parts)s.", parts=names) if parts else ""


def _diagnosis(definition: PlanDefinition, events: Sequence[PlanEvent]) -> str:
    codes = ", ".join(definition.icd10)
    named = f"{definition.title} ({codes})." if codes else f"{definition.title}."
    told = next((event.on for event in events if event.kind == "diagnosis-told"), None)
    return f"{named} {_('Besked %(day)s.', day=full_day(told))}" if told else named


def _titles(definition: PlanDefinition, treatments: Sequence[str]) -> list[str]:
    return [each.title for each in definition.treatments if each.id in treatments]


def _dated(events: Sequence[PlanEvent]) -> list[str]:
    kinds = ("treatment-start", "treatment-change", "treatment-end")
    return [
        f"{full_day(event.on)}: {HAPPENINGS[event.kind]}{f' ({event.title})' if event.title else ''}"
        for event in events
        if event.kind in kinds
    ]


def _late(content: Content) -> list[str]:
    """The chapters of the first of the late phases that the plan shows any of."""
    for wanted in LATE_PHASES:
        titles = [each["title"] for phase in content["phases"] if phase["id"] == wanted for each in phase["chapters"]]
        if titles:
            return titles[:MOST_LATE]
    return []


def _alarms(content: Content) -> list[str]:
    """The first reason to ring of each chapter about the time after treatment; then those that always hold."""
    after = [each for phase in content["phases"] if phase["id"] in LATE_PHASES for each in phase["chapters"]]
    items = [_items(each)[:1] for each in after if each["call"]]
    items += [_items(each) for each in chapters_in(content) if each["call"] and each in content["always"]]
    found = dict.fromkeys(item for group in items for item in group)
    return list(found)[:MOST_ALARMS]


def _items(chapter: Content) -> list[str]:
    return [" ".join(unescape(_TAG.sub("", item)).split()) for item in _ITEM.findall(chapter["call"])]


def _visits(visits: Sequence[Appointment]) -> list[str]:
    return [
        f"{upper_first(appointment(each.starts_at))}: {each.title}{f', {each.place}' if each.place else ''}"
        for each in visits[:MOST_VISITS]
    ]


def _reviews(goals: Sequence[Goal]) -> list[str]:
    return [
        _("%(day)s: vi följer upp målet ”%(goal)s”", day=full_day(goal.review_on), goal=goal.text)
        for goal in goals[:MOST_VISITS]
    ]


def _who(contact: Contact) -> str:
    if not contact.nurse_name:
        return _("%(unit)s svarar på frågor om sjukdomen och behandlingen.", unit=contact.unit_name)
    return _(
        "%(name)s på %(unit)s svarar på frågor om sjukdomen och behandlingen.",
        name=contact.nurse_name,
        unit=contact.unit_name,
    )


def _phone(contact: Contact) -> str:
    if not contact.nurse_phone:
        return ""
    hours = hours_in_words(contact.hours, lang())
    return f"{contact.nurse_name}, {contact.nurse_phone}, {hours}"
