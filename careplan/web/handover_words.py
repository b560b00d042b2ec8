"""A handover in words: what its parts are called, the first text of each, and its one page."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from jinja2 import StrictUndefined

from careplan.domain.handovers import LONGEST_PART, PARTS, alongside
from careplan.domain.needs import NeedLevel
from careplan.domain.team import Contact, hours_in_words
from careplan.i18n import full_day, lang, lang_dir
from careplan.models import Goal, Handover, Patient, Referral, Task
from careplan.queries.needs import Needs
from careplan.web.labels import AREAS, NEED_LEVELS
from careplan.web.treatment_summary import LABELS as SUMMARY_LABELS

LABELS = {
    "situation": lazy_gettext("Situation"),
    "background": lazy_gettext("Bakgrund"),
    "current": lazy_gettext("Aktuellt"),
    "recommendation": lazy_gettext("Rekommendation"),
}
HINTS = {
    "situation": lazy_gettext("Vem det gäller, och varför ni lämnar över nu."),
    "background": lazy_gettext("Sjukdom, behandling och datum."),
    "current": lazy_gettext("Senaste svar och behov, med nivå."),
    "recommendation": lazy_gettext("Mål och uppföljning, det som är öppet, och vad mottagaren ska hålla ögonen på."),
}
REASONS = {
    "primary-care": lazy_gettext("Till primärvården"),
    "unit-change": lazy_gettext("Till en annan enhet"),
    "new-caregiver": lazy_gettext("Till en ny vårdgivare"),
}
STATUSES = {
    "requested": lazy_gettext("Väntar på svar"),
    "accepted": lazy_gettext("Mottagen. Kontakten med patienten är inte bekräftad"),
    "completed": lazy_gettext("Klar. Ansvaret har gått över"),
    "rejected": lazy_gettext("Tackade nej"),
    "revoked": lazy_gettext("Tillbakatagen"),
}
MOST_ANSWERS = 6
_PLACE = "\ufffc"


def proposal(
    patient: Patient,
    proposed: Mapping[str, str],
    signed: Mapping[str, str],
    *,
    needs: Needs,
    goals: Sequence[Goal],
    work: Sequence[Task],
    referrals: Sequence[Referral],
    professions: Mapping[str, str],
    contact: Contact,
) -> dict[str, str]:
    """A first text for each part, drawn from the plan. `signed`: the treatment summary's, where there is one."""
    person = patient.person
    born = _(", född %(day)s", day=full_day(person.born_on)) if person.born_on else ""
    told = signed or proposed
    levels = [
        ". ".join(filter(None, [f"{AREAS[area.id]}: {str(NEED_LEVELS[area.earlier]).lower()}", area.earlier_note]))
        for area in needs.areas
        if area.earlier not in (None, NeedLevel.NONE)
    ]
    answers = [f"{said.question} {said.words}" for area in needs.areas for said in area.literal][:MOST_ANSWERS]
    assessed = needs.assessed_at and _("Behov, bedömda %(day)s:", day=full_day(needs.assessed_at))
    current = [assessed or _("Inga behov bedömda."), *levels]
    if answers and needs.answered_at:
        current += [_("Svar %(day)s:", day=full_day(needs.answered_at)), *answers]
    plan = [
        _("Mål: %(goal)s Följs upp %(day)s.", goal=_ended(each.text), day=full_day(each.review_on)) for each in goals
    ]
    plan += [_("Öppet: %(what)s", what=task.summary) for task in work if task.summary]
    plan += [
        _("Remiss till %(profession)s: %(question)s", profession=professions[each.profession], question=each.question)
        for each in referrals
    ]
    # What the page of the treatment summary says already is not said twice.
    if not signed and proposed["alarm"]:
        plan.append(_("Hör av er om: %(alarms)s", alarms=proposed["alarm"].replace("\n", "; ")))
    if not signed and proposed["late_effects"]:
        plan.append(_("Sena besvär: %(late)s", late=proposed["late_effects"]))
    plan.append(_("Frågor: %(name)s, %(phone)s.", name=contact.nurse_name or contact.unit_name, phone=contact.phone))
    return {
        "situation": _("%(name)s%(born)s. Ni ombeds ta över ansvaret för uppföljningen.", name=person.name, born=born),
        "background": _cut("\n".join([told["diagnosis"], told["treatments"]]).strip()),
        "current": _cut("\n".join(current)),
        "recommendation": _cut("\n".join(plan)),
    }


def rows(handover: Handover) -> list[tuple[str, list[str]]]:
    """Each part's name with its lines, then what a signed treatment summary adds."""
    summary = (handover.content.get("summary") or {}).get("parts", {})
    found = [(str(LABELS[part]), handover.content["parts"][part].split("\n")) for part in PARTS]
    return found + [(str(SUMMARY_LABELS[part]), [text]) for part, text in alongside(summary).items()]


def plain(handover: Handover) -> str:
    """The same as text, to copy to the record."""
    return "\n\n".join("\n".join([name.upper(), *lines]) for name, lines in rows(handover))


def document(handover: Handover, contact: Contact) -> str:
    """The one page as HTML. `contact` is the sender's."""
    before, between, after = _("Sidan %(page)s av %(pages)s", page=_PLACE, pages=_PLACE).split(_PLACE)
    person = handover.patient.person
    context: dict[str, Any] = {
        "lang": lang(),
        "dir": lang_dir(lang()),
        "size": "14",
        "title": _("Aktiv överlämning"),
        "stamp": full_day(handover.requested_at),
        "page_words": (before, between, after),
        "contact": contact,
        "hours": hours_in_words(contact.hours, lang()),
        "handover": handover,
        "person": person,
        "born_on": full_day(person.born_on) if person.born_on else "",
        "rows": rows(handover),
        "reason": REASONS[handover.reason],
        "status": STATUSES[handover.status],
    }
    environment = current_app.jinja_env.overlay(undefined=StrictUndefined)
    return environment.get_template("pdf/handover.html").render(context)


def _ended(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _cut(text: str) -> str:
    """Whole lines, as many as fit."""
    kept: list[str] = []
    for line in text.split("\n"):
        if sum(len(each) + 1 for each in kept) + len(line) > LONGEST_PART:
            break
        kept.append(line)
    return "\n".join(kept)
