"""A newer version of a plan's template: taken over, put off to the next visit, or not for this patient."""

from datetime import datetime

from sqlalchemy.orm import Session

from careplan.actions import audit
from careplan.actions.plans import bump, stand_on, store
from careplan.domain.errors import CareplanError
from careplan.domain.identity import Actor
from careplan.domain.plan import PlanDefinition
from careplan.library import Library
from careplan.library.personal import personal
from careplan.library.revisions import working_copy
from careplan.library.versions import definition_of, published, stands_on
from careplan.models import CarePlan, TemplateDecision

NEXT_VISIT, NEVER = "next-visit", "never"


class NoNewerTemplate(CareplanError):
    """The plan stands on the newest version, or its template is gone."""


class UnknownChoice(CareplanError):
    def __init__(self, choice: str) -> None:
        super().__init__(choice)
        self.choice = choice


class NeedsReason(CareplanError):
    """Who leaves a patient on an older text says why."""


def take_over(db: Session, library: Library, plan: CarePlan, *, by: Actor, at: datetime) -> None:
    """Put the working copy on the newest version. Ticks, notes and own chapters stay; so does an order of her own."""
    newest = _newest(library, plan)
    old = definition_of(db, library, plan)
    if not _is_reordered(old, plan):
        _forget_order(newest, plan)
    made = personal(newest, plan)
    kept = [treatment for treatment in plan.treatments if treatment in made.treatment_ids]
    plan.treatments = kept
    if plan.phase not in made.phase_ids:
        plan.phase = ""
    store(plan, made, working_copy(made, plan))
    stand_on(plan, newest)
    bump(plan)
    db.flush()
    audit.record(
        db, "take-over-template", by=by, at=at, patient_id=plan.patient_id, object_type="plan", object_id=plan.id
    )


def decide(
    db: Session, library: Library, plan: CarePlan, *, choice: str, reason: str, by: Actor, at: datetime
) -> TemplateDecision:
    """Leave the plan on its version for now, or for good with a reason; a later version asks anew."""
    newest = _newest(library, plan)
    reason = reason.strip()
    if choice not in (NEXT_VISIT, NEVER):
        raise UnknownChoice(choice)
    if choice == NEVER and not reason:
        raise NeedsReason
    decision = db.merge(
        TemplateDecision(
            plan_id=plan.id,
            template_key=newest.template_key,
            choice=choice,
            reason=reason,
            decided_by_id=by.practitioner_id,
            decided_at=at,
        )
    )
    db.flush()
    _log(db, "decide-template", plan, by=by, at=at)
    return decision


def _log(db: Session, action: str, plan: CarePlan, *, by: Actor, at: datetime) -> None:
    audit.record(db, action, by=by, at=at, patient_id=plan.patient_id, object_type="plan", object_id=plan.id)


def _newest(library: Library, plan: CarePlan) -> PlanDefinition:
    newest = published(library, plan)
    if newest is None or stands_on(plan, newest):
        raise NoNewerTemplate
    return newest


def _is_reordered(definition: PlanDefinition, plan: CarePlan) -> bool:
    own = {row.chapter_id for row in plan.chapters if row.text}
    order = [chapter_id for chapter_id in personal(definition, plan).chapter_ids if chapter_id not in own]
    return order != list(definition.chapter_ids)


def _forget_order(newest: PlanDefinition, plan: CarePlan) -> None:
    """The template's new order, with own chapters last in their phase."""
    places = {chapter_id: place for place, chapter_id in enumerate(newest.chapter_ids)}
    for row in plan.chapters:
        row.position = len(places) + row.position if row.text else places.get(row.chapter_id, row.position)
