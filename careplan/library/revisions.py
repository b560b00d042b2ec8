"""What a patient reads: the plan rendered for signing, and what differs from the version before."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from careplan.domain.plan import (
    Change,
    ChangeKind,
    ChapterState,
    ChapterText,
    PlanDefinition,
    PlanSnapshot,
    changes,
    proposed,
)
from careplan.domain.questionnaire import Review
from careplan.domain.team import Contact, hours_in_words
from careplan.i18n import _
from careplan.library.chapters import render_chapter
from careplan.models import CarePlan

Content = dict[str, Any]
_TEXTS = ("title", "key", "call", "intro", "sections")


def patient_facts(first_name: str, contact: Contact, lang: str) -> dict[str, dict[str, str]]:
    """What the placeholders stand for. Where no nurse or cover is named, the unit answers."""
    return {
        "patient": {"first_name": first_name},
        "nurse": {
            "name": contact.nurse_name or contact.unit_name,
            "first_name": contact.nurse_first_name or contact.unit_name,
            "phone": contact.phone,
            "hours": hours_in_words(contact.hours, lang),
        },
        "cover": {"name": contact.cover_name or contact.unit_name},
        "unit": {"name": contact.unit_name, "phone": contact.unit_phone, "address": contact.unit_address},
    }


def working_copy(definition: PlanDefinition, plan: CarePlan) -> dict[str, ChapterState]:
    """Each chapter of the template as the plan has it; one that came with a newer template is as proposed."""
    stored = {chapter.chapter_id: ChapterState(chapter.is_shown, chapter.note) for chapter in plan.chapters}
    proposal = proposed(definition, set(plan.treatments))
    return {chapter_id: stored.get(chapter_id, ChapterState(shown)) for chapter_id, shown in proposal.items()}


def render_plan(
    definition: PlanDefinition,
    chapters: Mapping[str, ChapterState],
    *,
    greeting: str,
    phase: str,
    facts: Mapping[str, Mapping[str, str]],
) -> Content:
    """The shown chapters by phase, as plain data that can be stored (see models.PlanRevision)."""

    def shown(chapter_ids: Iterable[str]) -> list[Content]:
        return [
            chapter_content(definition.chapter(chapter_id), chapters[chapter_id].note, facts)
            for chapter_id in chapter_ids
            if chapters[chapter_id].shown
        ]

    phases = [
        {"id": each.id, "title": each.title, "chapters": shown(ref.id for ref in each.chapters)}
        for each in definition.phases
    ]
    return {
        "title": definition.title,
        "lang": definition.lang,
        "greeting": greeting,
        "phase": phase,
        "phases": [each for each in phases if each["chapters"] or each["id"] == phase],
        "always": shown(definition.always),
    }


def chapter_content(chapter: ChapterText, note: str, facts: Mapping[str, Mapping[str, str]]) -> Content:
    rendered = render_chapter(chapter, facts)
    return {
        "id": chapter.id,
        "title": chapter.title,
        "key": None if rendered.key is None else str(rendered.key),
        "call": None if rendered.call is None else str(rendered.call),
        "intro": str(rendered.intro),
        "sections": [{"title": str(title), "html": str(html)} for title, html in rendered.sections],
        "note": note,
        "sources": [asdict(source) for source in chapter.sources],
        "review": _review(chapter.review),
        "changed": None,
    }


def chapters_in(content: Content) -> Iterator[Content]:
    """All chapters in the order of the page."""
    for phase in content["phases"]:
        yield from phase["chapters"]
    yield from content["always"]


def content_digest(content: Content) -> str:
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def mark_changed(before: Content, after: Content, on: date) -> None:
    """Note at each chapter of `after` what last changed in it, and when: "new", "note" or "text"."""
    old = {chapter["id"]: chapter for chapter in chapters_in(before)}
    for chapter in chapters_in(after):
        earlier = old.get(chapter["id"])
        what = "new" if earlier is None else _difference(earlier, chapter)
        if what is not None:
            chapter["changed"] = {"what": what, "on": on.isoformat()}
        elif earlier is not None:
            chapter["changed"] = earlier["changed"]


def changes_in_words(before: Content | None, after: Content) -> list[str]:
    """One line for each thing that differs, in the language of the moment; nothing for a first version."""
    if before is None:
        return []
    titles = {chapter["id"]: chapter["title"] for content in (before, after) for chapter in chapters_in(content)}
    found = changes(_snapshot(before), _snapshot(after))
    moved = {change.chapter for change in found if change.kind in (ChangeKind.SHOWN, ChangeKind.HIDDEN)}
    lines = [
        _in_words(change, titles) for change in found if change.kind != ChangeKind.NOTE or change.chapter not in moved
    ]
    if before["phase"] != after["phase"]:
        lines.append(_phase_in_words(after))
    old = {chapter["id"]: chapter for chapter in chapters_in(before)}
    return lines + [
        _("Ny text i %(chapter)s", chapter=chapter["title"])
        for chapter in chapters_in(after)
        if chapter["id"] in old and _difference(old[chapter["id"]], chapter) == "text"
    ]


def _snapshot(content: Content) -> PlanSnapshot:
    chapters = {chapter["id"]: ChapterState(shown=True, note=chapter["note"]) for chapter in chapters_in(content)}
    return PlanSnapshot(content["greeting"], chapters)


def _in_words(change: Change, titles: Mapping[str, str]) -> str:
    if change.kind is ChangeKind.GREETING:
        if not change.before:
            return _("Hälsning tillagd")
        return _("Hälsningen ändrad") if change.after else _("Hälsningen borttagen")
    title = titles[change.chapter or ""]
    if change.kind is ChangeKind.SHOWN:
        return _("Kapitel tillagt: %(chapter)s", chapter=title)
    if change.kind is ChangeKind.HIDDEN:
        return _("Kapitel borttaget: %(chapter)s", chapter=title)
    if not change.before:
        return _("Ny anteckning i %(chapter)s", chapter=title)
    if change.after:
        return _("Ändrad anteckning i %(chapter)s", chapter=title)
    return _("Anteckningen borttagen i %(chapter)s", chapter=title)


def _phase_in_words(content: Content) -> str:
    title = next((phase["title"] for phase in content["phases"] if phase["id"] == content["phase"]), None)
    if title is None:
        return _("Planen visar inte längre var i vården du är")
    return _("Ny plats i planen: %(phase)s", phase=title)


def _difference(before: Content, after: Content) -> str | None:
    """A note counts before a text: it is written to this patient."""
    if before["note"] != after["note"] and after["note"]:
        return "note"
    return "text" if any(before[part] != after[part] for part in _TEXTS) else None


def _review(review: Review) -> Content:
    return {"status": review.status, "by": review.by, "on": review.on.isoformat() if review.on else None}
