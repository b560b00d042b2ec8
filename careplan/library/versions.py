"""The version of a template that one patient's plan stands on, compiled from its stored texts once a process."""

from collections.abc import Mapping
from dataclasses import replace
from threading import Lock

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.domain.plan import PlanDefinition
from careplan.library.loading import Library
from careplan.library.plans import PlanBuilder, read_chapter, read_plan
from careplan.library.problems import ContentErrors
from careplan.models import CarePlan, ContentVersion

_MOST_COMPILED = 500
_compiled: dict[tuple[str, str], PlanDefinition] = {}
_lock = Lock()


def published(library: Library, plan: CarePlan) -> PlanDefinition | None:
    """The newest version of the plan's template; None where the template is gone."""
    return library.plans.get((plan.definition_id, plan.lang))


def stands_on(plan: CarePlan, definition: PlanDefinition) -> bool:
    if plan.template_key:
        return plan.template_key == definition.template_key
    return plan.definition_hash == definition.hash


def definition_of(db: Session, library: Library, plan: CarePlan) -> PlanDefinition:
    """The plan's own version: what its patient's text is made of until a nurse takes a newer one over.

    A stored version that the rules of today refuse gives way to the newest one.
    """
    newest = published(library, plan)
    if newest is not None and stands_on(plan, newest):
        return newest
    key = (plan.definition_hash, plan.template_key)
    found = _compiled.get(key)
    if found is not None:
        return found
    try:
        made = _compile(db, library, plan)
    except ContentErrors:
        if newest is None:
            raise
        return newest
    with _lock:
        while len(_compiled) >= _MOST_COMPILED:
            del _compiled[next(iter(_compiled))]
        _compiled[key] = made
    return made


def _compile(db: Session, library: Library, plan: CarePlan) -> PlanDefinition:
    versions: Mapping[str, str] = plan.chapter_versions
    wanted = {plan.definition_hash, *versions.values()}
    texts = {
        row.hash: row.text
        for row in db.execute(
            sa.select(ContentVersion.hash, ContentVersion.text).where(ContentVersion.hash.in_(wanted))
        )
    }
    shared = dict(library.chapters) | {
        (chapter_id, plan.lang): read_chapter(texts[version], f"version {version[:12]}", plan.lang)
        for chapter_id, version in versions.items()
        if version in texts
    }
    file = read_plan(texts[plan.definition_hash], f"version {plan.definition_hash[:12]}", plan.lang)
    # What is wrong with an old version's references was said when it was published, and concerns no reader.
    made = PlanBuilder(file, shared, library.questionnaires, frozenset()).build()
    phases = tuple(
        replace(phase, chapters=tuple(ref for ref in phase.chapters if ref.id in made.chapters))
        for phase in made.phases
    )
    schedule = tuple(entry for entry in made.schedule if entry.questionnaire in library.questionnaires)
    always = tuple(chapter_id for chapter_id in made.always if chapter_id in made.chapters)
    return replace(made, phases=phases, always=always, schedule=schedule)
