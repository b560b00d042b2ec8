"""The chapters that a nurse writes herself, for one patient's plan."""

from datetime import datetime

from sqlalchemy.orm import Session

from careplan.actions import audit
from careplan.actions.plans import PlanChanged, UnknownPhase, bump
from careplan.domain.errors import CareplanError
from careplan.domain.identity import Actor
from careplan.domain.plan import UnknownChapter
from careplan.library import Library
from careplan.library.personal import own_chapter
from careplan.library.versions import definition_of
from careplan.models import CarePlan, Chapter


class NoTitle(CareplanError):
    """A chapter is found by its title."""


def write(
    db: Session,
    library: Library,
    plan: CarePlan,
    *,
    chapter_id: str | None,
    title: str,
    text: str,
    phase: str,
    by: Actor,
    at: datetime,
    version: int | None = None,
) -> Chapter:
    """Write a chapter, or write it anew; what may not stand in a text is refused (library.personal.OwnTextRefused)."""
    if version is not None and version != plan.version:
        raise PlanChanged(plan.version)
    title, text = title.strip(), text.strip()
    if not title:
        raise NoTitle
    definition = definition_of(db, library, plan)
    if phase and phase not in definition.phase_ids:
        raise UnknownPhase(phase)
    own_chapter(chapter_id or "own", title, text, written_by=by.name, lang=definition.lang)
    last = max((row.position for row in plan.chapters), default=-1)
    if chapter_id is None:
        row = Chapter(chapter_id=_new_id(plan, at), position=last + 1, phase=phase, is_shown=True, note="")
        plan.chapters.append(row)
    else:
        row = find(plan, chapter_id)
        if (row.title, row.text, row.phase) == (title, text, phase):
            return row
        if row.phase != phase:
            row.position = last + 1
    row.title, row.text, row.phase, row.written_by = title, text, phase, by.name
    bump(plan)
    db.flush()
    _log(db, "write-own-chapter", plan, row, by=by, at=at)
    return row


def remove(db: Session, plan: CarePlan, chapter_id: str, *, by: Actor, at: datetime) -> None:
    """Take an own chapter out of the working copy; signed versions keep it."""
    row = find(plan, chapter_id)
    plan.chapters.remove(row)
    db.delete(row)
    bump(plan)
    db.flush()
    _log(db, "remove-own-chapter", plan, row, by=by, at=at)


def find(plan: CarePlan, chapter_id: str) -> Chapter:
    for row in plan.chapters:
        if row.chapter_id == chapter_id and row.text:
            return row
    raise UnknownChapter(chapter_id)


def _new_id(plan: CarePlan, at: datetime) -> str:
    """By its moment: unlike a number, that of a chapter which was taken away never comes again."""
    taken = {row.chapter_id for row in plan.chapters}
    wanted = f"own-{at:%y%m%d%H%M%S}"
    return next(each for each in (wanted, *(f"{wanted}-{count}" for count in range(2, 1000))) if each not in taken)


def _log(db: Session, action: str, plan: CarePlan, row: Chapter, *, by: Actor, at: datetime) -> None:
    audit.record(db, action, by=by, at=at, patient_id=plan.patient_id, object_type="chapter", object_id=row.chapter_id)
