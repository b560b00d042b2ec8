"""Drafts and publications as editors meet them, and the plans that a newer text touches."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from careplan.domain.identity import Actor
from careplan.domain.plan import PlanDefinition
from careplan.library import Library, Place
from careplan.library.publishing import OPEN
from careplan.library.versions import published, stands_on
from careplan.models import CarePlan, ContentDraft, ContentVersion, Patient, Publication, Unit
from careplan.queries import access
from careplan.queries.access import NotVisible


@dataclass(frozen=True, slots=True)
class Touched:
    """What a text reaches: the templates that use it, and how many plans made of them are active, by unit."""

    templates: tuple[PlanDefinition, ...]
    by_unit: tuple[tuple[str, int], ...]

    @property
    def plans(self) -> int:
        return sum(count for _unit, count in self.by_unit)


@dataclass(frozen=True, slots=True)
class AffectedPlan:
    """A plan of the actor's patients that stands on an older version than the one that holds."""

    plan: CarePlan
    definition: PlanDefinition
    notify: str  # now, next-visit


def drafts(db: Session) -> Sequence[ContentDraft]:
    """All that are under way, the last saved first."""
    return db.scalars(
        sa.select(ContentDraft)
        .where(ContentDraft.status.in_(OPEN))
        .options(joinedload(ContentDraft.author))
        .order_by(ContentDraft.saved_at.desc())
    ).all()


def draft(db: Session, draft_id: UUID) -> ContentDraft:
    """Drafts hold nothing of patients: each editor reaches each of them."""
    found = db.get(ContentDraft, draft_id, options=[joinedload(ContentDraft.author)])
    if found is None:
        raise NotVisible("draft", draft_id)
    return found


def history(db: Session, place: Place) -> Sequence[Publication]:
    """What was published for a text, and taken back, the last first."""
    kind, content_id, lang = place
    return db.scalars(
        sa.select(Publication)
        .where(Publication.kind == kind, Publication.content_id == content_id, Publication.lang == lang)
        .options(joinedload(Publication.author), joinedload(Publication.published_by))
        .order_by(Publication.id.desc())
    ).all()


def version_texts(db: Session, hashes: Iterable[str]) -> dict[str, str]:
    """The texts of stored versions by their hash."""
    rows = db.execute(
        sa.select(ContentVersion.hash, ContentVersion.text).where(ContentVersion.hash.in_(set(hashes) - {""}))
    )
    return {row.hash: row.text for row in rows}


def touched(db: Session, library: Library, place: Place) -> Touched:
    templates = tuple(templates_with(library, place))
    used = [(template.id, template.lang) for template in templates]
    rows = db.execute(
        sa.select(Unit.name, sa.func.count())
        .join(CarePlan, CarePlan.unit_id == Unit.id)
        .where(CarePlan.status == "active", sa.tuple_(CarePlan.definition_id, CarePlan.lang).in_(used))
        .group_by(Unit.name)
        .order_by(Unit.name)
    )
    return Touched(templates, tuple((name, count) for name, count in rows) if used else ())


def templates_with(library: Library, place: Place) -> list[PlanDefinition]:
    """The template itself; of a chapter, the templates that show this text, or would once it is there."""
    kind, id_, lang = place
    if kind == "plan":
        return [library.plans[id_, lang]] if (id_, lang) in library.plans else []
    shown = {lang} if (id_, lang) in library.chapters else {"sv"}
    found = [
        plan
        for plan in library.plans.values()
        # A chapter of the template's own may have the same name; only a shared one has a hash.
        if (text := plan.chapters.get(id_)) is not None
        and text.hash
        and text.lang in shown
        and (lang == "sv" or plan.lang == lang)
    ]
    return sorted(found, key=lambda plan: (plan.title, plan.lang))


def affected_plans(db: Session, actor: Actor, library: Library, *, at: datetime) -> list[AffectedPlan]:
    """The active plans of the actor's patients for which a newer text holds."""
    plans = db.scalars(
        sa.select(CarePlan)
        .where(access.visible(CarePlan, actor, at=at), CarePlan.status == "active")
        .options(joinedload(CarePlan.patient).joinedload(Patient.person))
        .order_by(CarePlan.created_at)
    ).all()
    newer = [(plan, published(library, plan)) for plan in plans]
    older = [(plan, found) for plan, found in newer if found is not None and not stands_on(plan, found)]
    told_now = now_hashes(db, [found for _plan, found in older])
    return [
        AffectedPlan(plan, found, "now" if _hashes(found) & told_now - _own_hashes(plan) else "next-visit")
        for plan, found in older
    ]


def now_hashes(db: Session, definitions: Collection[PlanDefinition]) -> set[str]:
    """Of the versions that these templates are made of, those that were published to be told now."""
    hashes = set().union(*(_hashes(definition) for definition in definitions))
    return set(
        db.scalars(sa.select(Publication.hash).where(Publication.hash.in_(hashes), Publication.notify == "now"))
    ) - {None}


def notify_of(db: Session, plan: CarePlan, definition: PlanDefinition) -> str:
    """When what is new in this version is to be brought to the patient: now, or at the next-visit."""
    return "now" if now_hashes(db, [definition]) - _own_hashes(plan) else "next-visit"


def _hashes(definition: PlanDefinition) -> set[str]:
    return {definition.hash, *definition.chapter_versions.values()}


def _own_hashes(plan: CarePlan) -> set[str]:
    return {plan.definition_hash, *plan.chapter_versions.values()}
