"""A plan template: phases, chapters and their texts; what is proposed for one patient, and what changed."""

import hashlib
import json
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from enum import StrEnum

from careplan.domain.errors import CareplanError
from careplan.domain.questionnaire import Review, Source
from careplan.domain.schedule import ScheduleEntry

# What a unit tells about itself, each in a sentence or two. Where one is empty, the paragraph that asks for it goes.
UNIT_FACTS: tuple[str, ...] = ("entrance", "parking", "transport", "wards", "visiting", "website")

# The only facts a content text may ask for.
PLACEHOLDERS: frozenset[str] = frozenset(
    {
        "patient.first_name",
        "nurse.name",
        "nurse.first_name",
        "nurse.phone",
        "nurse.hours",
        "cover.name",
        "unit.name",
        "unit.phone",
        "unit.address",
        *(f"unit.{name}" for name in UNIT_FACTS),
    }
)

EVENTS: tuple[str, ...] = (
    "plan-start",
    "diagnosis-told",
    "treatment-start",
    "treatment-follow-up",
    "treatment-end",
    "treatment-change",
    "progression",
    "palliative-intent",
    "late-palliative",
    "admission",
    "discharge",
    "primary-care",
    "unit-change",
    "new-caregiver",
    "follow-up",
)
# Where the national programme for cancer rehabilitation and the regions want needs assessed.
NEEDS_ASSESSED_AT: tuple[str, ...] = tuple(kind for kind in EVENTS if kind not in ("plan-start", "follow-up"))


class UnknownChapter(CareplanError, KeyError):
    def __init__(self, chapter_id: str) -> None:
        super().__init__(chapter_id)
        self.chapter_id = chapter_id


@dataclass(frozen=True, slots=True)
class ChapterText:
    """Clean HTML with placeholders in it: the most important, when to ring, the open text and the folded parts.

    `hash` is that of its file where plans share it, else empty.
    """

    id: str
    title: str
    key: str | None
    call: str | None
    intro: str
    sections: tuple[tuple[str, str], ...]
    sources: tuple[Source, ...]
    review: Review
    version: str
    lang: str = "sv"
    hash: str = ""


@dataclass(frozen=True, slots=True)
class Treatment:
    id: str
    title: str


@dataclass(frozen=True, slots=True)
class ChapterRef:
    """A chapter's place in a phase; with a treatment it is proposed only when that treatment is chosen."""

    id: str
    treatment: str | None = None


@dataclass(frozen=True, slots=True)
class Phase:
    id: str
    title: str
    chapters: tuple[ChapterRef, ...]


@dataclass(frozen=True, slots=True)
class PlanDefinition:
    id: str
    lang: str
    title: str
    icd10: tuple[str, ...]
    version: str
    owner: str
    sources: tuple[Source, ...]
    review: Review
    treatments: tuple[Treatment, ...]
    phases: tuple[Phase, ...]
    always: tuple[str, ...]
    schedule: tuple[ScheduleEntry, ...]
    chapters: Mapping[str, ChapterText]
    hash: str

    def __hash__(self) -> int:
        return hash(self.hash)

    def chapter(self, chapter_id: str) -> ChapterText:
        try:
            return self.chapters[chapter_id]
        except KeyError:
            raise UnknownChapter(chapter_id) from None

    @property
    def phase_ids(self) -> tuple[str, ...]:
        return tuple(phase.id for phase in self.phases)

    @property
    def treatment_ids(self) -> tuple[str, ...]:
        return tuple(treatment.id for treatment in self.treatments)

    @property
    def chapter_ids(self) -> tuple[str, ...]:
        """In the order of the page: the phases, then what always holds."""
        return (*(ref.id for phase in self.phases for ref in phase.chapters), *self.always)

    @property
    def chapter_versions(self) -> dict[str, str]:
        """The versions of the shared chapters in it: chapter id -> hash."""
        return {chapter_id: text.hash for chapter_id, text in self.chapters.items() if text.hash}

    @property
    def template_key(self) -> str:
        """Another version of the file, or of a shared chapter in it, gives another key."""
        parts = [self.hash, sorted(self.chapter_versions.items())]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def proposed(definition: PlanDefinition, treatments: Set[str]) -> dict[str, bool]:
    """Chapter id -> shown by default, in the order of the page."""
    shown = {
        ref.id: ref.treatment is None or ref.treatment in treatments
        for phase in definition.phases
        for ref in phase.chapters
    }
    return shown | dict.fromkeys(definition.always, True)


@dataclass(frozen=True, slots=True)
class ChapterState:
    """One chapter in one patient's plan."""

    shown: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class PlanSnapshot:
    """What a patient's plan says at one moment."""

    greeting: str = ""
    chapters: Mapping[str, ChapterState] = field(default_factory=dict)


class ChangeKind(StrEnum):
    SHOWN = "shown"
    HIDDEN = "hidden"
    NOTE = "note"
    GREETING = "greeting"


@dataclass(frozen=True, slots=True)
class Change:
    """`chapter` is None for the greeting; `before` and `after` are texts, empty for shown and hidden."""

    kind: ChangeKind
    chapter: str | None = None
    before: str = ""
    after: str = ""


def changes(before: PlanSnapshot, after: PlanSnapshot) -> list[Change]:
    """What differs, the greeting first, then chapter by chapter in the new order. An absent chapter is hidden."""
    found = []
    if before.greeting != after.greeting:
        found.append(Change(ChangeKind.GREETING, None, before.greeting, after.greeting))
    absent = ChapterState(shown=False)
    for chapter_id in dict.fromkeys((*after.chapters, *before.chapters)):
        old, new = before.chapters.get(chapter_id, absent), after.chapters.get(chapter_id, absent)
        if old.shown != new.shown:
            found.append(Change(ChangeKind.SHOWN if new.shown else ChangeKind.HIDDEN, chapter_id))
        if old.note != new.note:
            found.append(Change(ChangeKind.NOTE, chapter_id, old.note, new.note))
    return found
