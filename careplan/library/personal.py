"""A template made one patient's own: the nurse's order of the chapters, and the chapters that she has written."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from sqlalchemy.orm import Session

from careplan.domain.chapter_order import arranged
from careplan.domain.errors import CareplanError
from careplan.domain.plan import PLACEHOLDERS, ChapterRef, ChapterText, PlanDefinition
from careplan.domain.questionnaire import Review
from careplan.library.chapters import ChapterReader
from careplan.library.loading import Library
from careplan.library.versions import definition_of
from careplan.models import CarePlan, Chapter

_PLACEHOLDER = re.compile(r"\{\{\s*(.*?)\s*\}\}")
# What a line that may not stand looks like, the first that fits.
_KINDS = (
    ("placeholder", re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")),
    ("image", re.compile(r"!\[")),
    ("html", re.compile(r"</?[A-Za-z]")),
    ("link", re.compile(r"\]\(|<?[a-z]+://")),
    ("heading", re.compile(r"(?m)^\s*#")),
    ("code", re.compile(r"`|(?m:^ {4})|~~~")),
    ("box", re.compile(r"(?m)^:::")),
    ("quote", re.compile(r"(?m)^\s*(>|---|\*\*\*|___)")),
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a line may not stand: what it holds, and the placeholder that there is none of."""

    line: int
    kind: str
    name: str = ""


class OwnTextRefused(CareplanError):
    """An own chapter holds what no chapter may hold."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        super().__init__(refusals)
        self.refusals = tuple(refusals)


def made_for(db: Session, library: Library, plan: CarePlan) -> PlanDefinition:
    """What the plan's text is made of: its own version of the template, with the nurse's order and chapters."""
    return personal(definition_of(db, library, plan), plan)


def personal(definition: PlanDefinition, plan: CarePlan) -> PlanDefinition:
    """The template with the plan's order and own chapters; what is the template's alone stays as it is."""
    own = {row.chapter_id: row for row in plan.chapters if row.text}
    positions = {row.chapter_id: row.position for row in plan.chapters}
    phases = tuple(
        replace(phase, chapters=_refs(phase.chapters, _placed(own, phase.id), positions)) for phase in definition.phases
    )
    known = {phase.id for phase in definition.phases}
    elsewhere = [row.chapter_id for row in own.values() if row.phase not in known]
    always = _refs([ChapterRef(chapter_id) for chapter_id in definition.always], elsewhere, positions)
    texts = {
        chapter_id: own_chapter(chapter_id, row.title, row.text, written_by=row.written_by, lang=definition.lang)
        for chapter_id, row in own.items()
    }
    return replace(
        definition,
        phases=phases,
        always=tuple(ref.id for ref in always),
        chapters={**definition.chapters, **texts} if texts else definition.chapters,
    )


@lru_cache(maxsize=2048)
def own_chapter(chapter_id: str, title: str, text: str, *, written_by: str, lang: str) -> ChapterText:
    """The nurse's Markdown through the same rules as all texts; raises OwnTextRefused."""
    reader = ChapterReader(text, "", 1)
    first, *rest = reader.read()
    if reader.problems or rest or first.is_empty:
        lines = sorted({*(problem.line for problem in reader.problems), *(part.line for part in rest)})
        if not lines:
            raise OwnTextRefused([Refusal(1, "empty")])
        raise OwnTextRefused([_refusal(text, line) for line in lines])
    return ChapterText(
        id=chapter_id,
        title=title,
        key=first.boxes.get("key"),
        call=first.boxes.get("call"),
        intro=first.intro,
        sections=tuple(first.sections),
        sources=(),
        review=Review("own", by=written_by),
        version="",
        lang=lang,
    )


def own_rows(plan: CarePlan) -> list[Chapter]:
    return [row for row in plan.chapters if row.text]


def _placed(own: dict[str, Chapter], phase: str) -> list[str]:
    return [chapter_id for chapter_id, row in own.items() if row.phase == phase]


def _refs(template: Sequence[ChapterRef], own: Sequence[str], positions: dict[str, int]) -> tuple[ChapterRef, ...]:
    refs = {ref.id: ref for ref in template} | {chapter_id: ChapterRef(chapter_id) for chapter_id in own}
    here = {chapter_id: positions[chapter_id] for chapter_id in refs if chapter_id in positions}
    return tuple(refs[chapter_id] for chapter_id in arranged([ref.id for ref in template], here))


def _refusal(text: str, line: int) -> Refusal:
    """What it is about, by the paragraph that starts at the line; the rules themselves speak to editors of files."""
    lines = text.splitlines()[line - 1 :]
    end = next((index for index, each in enumerate(lines) if index and not each.strip()), len(lines))
    paragraph = "\n".join(lines[:end])
    unknown = next((name for name in _PLACEHOLDER.findall(paragraph) if name not in PLACEHOLDERS), "")
    if unknown:
        return Refusal(line, "placeholder", unknown[:60])
    rest = _PLACEHOLDER.sub("", paragraph)
    return Refusal(line, next((kind for kind, pattern in _KINDS if pattern.search(rest)), "other"))
