"""The language of a plan: another one puts its text on the template's version in that language."""

from datetime import datetime

from sqlalchemy.orm import Session

from careplan.actions import audit
from careplan.actions.plans import bump, stand_on, store
from careplan.domain.identity import Actor
from careplan.library import Library, UnknownPlan
from careplan.library.personal import personal
from careplan.library.revisions import working_copy
from careplan.models import CarePlan


def languages_of(library: Library, plan: CarePlan) -> list[str]:
    """What the plan's template is written in, Swedish first."""
    found = [lang for definition_id, lang in library.plans if definition_id == plan.definition_id]
    return sorted(found, key=lambda lang: (lang != "sv", lang))


def change_language(db: Session, library: Library, plan: CarePlan, *, lang: str, by: Actor, at: datetime) -> None:
    """The patient reads it in the new language once it is signed. Notes and own chapters stay as they were written.

    All languages of a template have the same chapters, so nothing is shown or hidden by this.
    """
    definition = library.plans.get((plan.definition_id, lang))
    if definition is None:
        raise UnknownPlan(f"{plan.definition_id}.{lang}")
    if plan.lang == lang:
        return
    plan.lang = lang
    made = personal(definition, plan)
    store(plan, made, working_copy(made, plan))
    stand_on(plan, definition)
    bump(plan)
    db.flush()
    audit.record(
        db, "change-plan-language", by=by, at=at, patient_id=plan.patient_id, object_type="plan", object_id=plan.id
    )
