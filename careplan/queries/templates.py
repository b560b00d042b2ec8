"""Plans whose template has a newer version than the one they stand on."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.domain.identity import Actor, Capacity
from careplan.domain.plan import PlanDefinition
from careplan.library import Library
from careplan.library.versions import published, stands_on
from careplan.models import CarePlan, CareTeamMember, Patient, Person, TemplateDecision
from careplan.queries import access

NEXT_VISIT, NEVER = "next-visit", "never"


@dataclass(frozen=True, slots=True)
class Newer:
    """The version to decide on, and what was decided; `is_open` while somebody is to do something about it."""

    definition: PlanDefinition
    decision: TemplateDecision | None

    @property
    def is_open(self) -> bool:
        return self.decision is None or self.decision.choice != NEVER

    @property
    def waits_for_visit(self) -> bool:
        return self.decision is not None and self.decision.choice == NEXT_VISIT


@dataclass(frozen=True, slots=True)
class Row:
    """One plan that a nurse is to decide about. `choice` is empty, or next-visit."""

    plan_id: UUID
    patient_id: UUID
    name: str
    title: str
    lang: str
    choice: str


def newer(db: Session, library: Library, plan: CarePlan) -> Newer | None:
    """The newest version of the plan's template where the plan stands on another; one statement only then."""
    newest = published(library, plan)
    if newest is None or stands_on(plan, newest):
        return None
    return Newer(newest, db.get(TemplateDecision, (plan.id, newest.template_key)))


def to_decide(db: Session, library: Library, actor: Actor, *, at: datetime) -> list[Row]:
    """The plans of the nurse's own patients that stand on an older version, but for those left on it for good."""
    newest = {key: definition.template_key for key, definition in library.plans.items()}
    on = at.date()
    rows = db.execute(
        sa.select(CarePlan, Patient.id, Person.given_name, Person.family_name, TemplateDecision)
        .join(Patient, Patient.id == CarePlan.patient_id)
        .join(Person, Person.id == Patient.person_id)
        .join(
            CareTeamMember,
            sa.and_(
                CareTeamMember.patient_id == CarePlan.patient_id,
                CareTeamMember.unit_id == CarePlan.unit_id,
                CareTeamMember.practitioner_id == actor.practitioner_id,
                CareTeamMember.role == Capacity.CONTACT_NURSE,
                CareTeamMember.from_on <= on,
                sa.or_(CareTeamMember.to_on.is_(None), CareTeamMember.to_on >= on),
            ),
        )
        .outerjoin(
            TemplateDecision,
            sa.and_(TemplateDecision.plan_id == CarePlan.id, TemplateDecision.template_key.in_(list(newest.values()))),
        )
        .where(
            access.visible(CarePlan, actor, at=at),
            CarePlan.status.in_(("draft", "active")),
            _stands_on_another(library),
        )
        .order_by(Person.family_name, Person.given_name)
    )
    found: dict[UUID, Row] = {}
    for plan, patient_id, given, family, decision in rows:
        definition = library.plans.get((plan.definition_id, plan.lang))
        if definition is None or stands_on(plan, definition):
            continue
        decided = decision.choice if decision and decision.template_key == definition.template_key else ""
        if decided != NEVER:
            name = f"{given} {family}"
            found[plan.id] = Row(plan.id, patient_id, name, definition.title, definition.lang, decided)
    return list(found.values())


def _stands_on_another(library: Library) -> sa.ColumnElement[bool]:
    plans = library.plans.values()
    return sa.or_(
        sa.and_(CarePlan.template_key != "", CarePlan.template_key.not_in([plan.template_key for plan in plans])),
        sa.and_(CarePlan.template_key == "", CarePlan.definition_hash.not_in([plan.hash for plan in plans])),
    )
