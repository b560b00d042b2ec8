"""What a patient reads: the plan rendered for signing, and what differs from the version before."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from functools import lru_cache

from careplan.domain.plan import (
    UNIT_FACTS,
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
from careplan.domain.revision import Content, Facts, MissingFact, asked_for, assembled, entries_in, moved_chapters
from careplan.domain.team import Contact, fact_in, hours_in_words
from careplan.i18n import _, name_of
from careplan.models import CarePlan

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
        "unit": {
            "name": contact.unit_name,
            "phone": contact.unit_phone,
            "address": contact.unit_address,
            **{name: fact_in(contact.unit_facts, name, lang) for name in UNIT_FACTS},
        },
    }


def working_copy(definition: PlanDefinition, plan: CarePlan) -> dict[str, ChapterState]:
    """Each chapter of the template as the plan has it; one that came with a newer template is as proposed."""
    stored = {chapter.chapter_id: ChapterState(chapter.is_shown, chapter.note) for chapter in plan.chapters}
    proposal = proposed(definition, set(plan.treatments))
    return {chapter_id: stored.get(chapter_id, ChapterState(shown)) for chapter_id, shown in proposal.items()}


@dataclass(frozen=True, slots=True)
class Composition:
    """A plan as models.PlanRevision stores it: the skeleton, the texts by hash, and the facts that these ask for."""

    skeleton: Content
    texts: Mapping[str, Content]
    facts: Facts

    @property
    def content(self) -> Content:
        """What the patient reads."""
        return assembled(self.skeleton, self.texts, self.facts)


def compose(
    definition: PlanDefinition, chapters: Mapping[str, ChapterState], *, greeting: str, phase: str, facts: Facts
) -> Composition:
    """The shown chapters by phase, ready to be signed."""
    texts: dict[str, Content] = {}

    def entries(chapter_ids: Iterable[str]) -> list[Content]:
        found = []
        for chapter_id in chapter_ids:
            if chapters[chapter_id].shown:
                digest, text = stored_text(definition.chapter(chapter_id))
                texts[digest] = text
                note = chapters[chapter_id].note
                found.append({"text": digest, "note": note} if note else {"text": digest})
        return found

    phases = [
        {"id": each.id, "title": each.title, "chapters": entries(ref.id for ref in each.chapters)}
        for each in definition.phases
    ]
    skeleton = {
        "title": definition.title,
        "lang": definition.lang,
        "greeting": greeting,
        "phase": phase,
        "phases": [each for each in phases if each["chapters"] or each["id"] == phase],
        "always": entries(definition.always),
    }
    return Composition(skeleton, texts, _facts_for(texts.values(), facts))


def render_plan(
    definition: PlanDefinition, chapters: Mapping[str, ChapterState], *, greeting: str, phase: str, facts: Facts
) -> Content:
    """What the patient would read if this were signed."""
    return compose(definition, chapters, greeting=greeting, phase=phase, facts=facts).content


def chapter_content(chapter: ChapterText, note: str, facts: Facts) -> Content:
    """One chapter as it stands in the content of a revision."""
    digest, text = stored_text(chapter)
    skeleton = {"phases": [], "always": [{"text": digest, "note": note}]}
    whole: Content = assembled(skeleton, {digest: text}, facts)["always"][0]
    return whole


@lru_cache(maxsize=2000)
def stored_text(chapter: ChapterText) -> tuple[str, Content]:
    """The chapter as models.StoredChapter holds it, placeholders and all, with its hash."""
    text = {
        "id": chapter.id,
        "title": chapter.title,
        "lang": chapter.lang,
        "key": chapter.key,
        "call": chapter.call,
        "intro": chapter.intro,
        "sections": [{"title": title, "html": html} for title, html in chapter.sections],
        "sources": [asdict(source) for source in chapter.sources],
        "review": _review(chapter.review),
    }
    return content_digest(text), text


def _facts_for(texts: Iterable[Content], facts: Facts) -> Facts:
    """The facts that these texts ask for, and no others: what nobody reads is not kept."""
    kept: dict[str, dict[str, str]] = {}
    for group, name in sorted({asked for text in texts for asked in asked_for(text)}):
        try:
            kept.setdefault(group, {})[name] = facts[group][name]
        except KeyError:
            raise MissingFact(f"{group}.{name}") from None
    return kept


def chapters_in(content: Content) -> Iterator[Content]:
    """All chapters in the order of the page."""
    return entries_in(content)


def content_digest(content: Content) -> str:
    """The same for the same content, whatever the order of its keys."""
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def mark_changed(before: Content, after: Composition, on: date) -> None:
    """Note at each chapter of `after` what last changed in it, and when: "new", "note" or "text"."""
    whole = after.content
    new, old = new_chapters(before, whole), {chapter["id"]: chapter for chapter in chapters_in(before)}
    for entry, chapter in zip(entries_in(after.skeleton), chapters_in(whole), strict=True):
        chapter_id = chapter["id"]
        if chapter_id in new:
            entry["changed"] = {"what": new[chapter_id], "on": on.isoformat()}
        elif old[chapter_id]["changed"] is not None:
            entry["changed"] = old[chapter_id]["changed"]


def new_chapters(before: Content, after: Content) -> dict[str, str]:
    """By chapter what is new in `after`: "new", "note" or "text"; those that read the same are left out."""
    old = {chapter["id"]: chapter for chapter in chapters_in(before)}
    found = {}
    for chapter in chapters_in(after):
        earlier = old.get(chapter["id"])
        what = "new" if earlier is None else difference(earlier, chapter)
        if what is not None:
            found[chapter["id"]] = what
    return found


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
    if before["lang"] != after["lang"]:
        lines.append(_("Planen är nu på %(language)s", language=name_of(after["lang"])))
    lines += [_("Ny plats i ordningen: %(chapter)s", chapter=titles[each]) for each in moved_chapters(before, after)]
    old = {chapter["id"]: chapter for chapter in chapters_in(before)}
    if before["lang"] == after["lang"]:
        lines += [
            _("%(chapter)s är nu på %(language)s", chapter=chapter["title"], language=name_of(chapter["lang"]))
            for chapter in chapters_in(after)
            if chapter["id"] in old and old[chapter["id"]]["lang"] != chapter["lang"]
        ]
    return lines + [
        _("Ny text i %(chapter)s", chapter=chapter["title"])
        for chapter in chapters_in(after)
        if chapter["id"] in old and difference(old[chapter["id"]], chapter) == "text"
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


def difference(before: Content, after: Content) -> str | None:
    """Between two versions of a chapter: "note", "text" or nothing. A note counts first: it is to this patient."""
    if before["note"] != after["note"] and after["note"]:
        return "note"
    if before["lang"] != after["lang"]:  # the same in other words
        return None
    return "text" if any(before[part] != after[part] for part in _TEXTS) else None


def _review(review: Review) -> Content:
    return {"status": review.status, "by": review.by, "on": review.on.isoformat() if review.on else None}
