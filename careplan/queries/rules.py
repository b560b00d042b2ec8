"""Rules of a unit as its manager meets them: which forms have them, whose they are, and what waits for a decision."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from careplan.domain.identity import CLINICAL, Actor, Capacity
from careplan.domain.questionnaire import Questionnaire
from careplan.library.unit_rules import fits
from careplan.models import Patient, QuestionnaireResponse, RuleVersion
from careplan.queries.access import NotVisible, visible_patients

READERS = CLINICAL | {Capacity.MANAGER}


@dataclass(frozen=True, slots=True)
class FormRules:
    """A form and the rules that count for it at the unit; `waiting` is a draft or a proposal."""

    form: Questionnaire
    active: RuleVersion | None
    waiting: RuleVersion | None
    fits: bool


def of_unit(db: Session, forms: Iterable[Questionnaire], unit_id: UUID) -> list[FormRules]:
    """The forms that have rules to look at, in the order given. One statement for versions, one for their writers."""
    versions = db.scalars(
        sa.select(RuleVersion)
        .where(RuleVersion.unit_id == unit_id, RuleVersion.status.in_(("draft", "proposed", "active")))
        .options(joinedload(RuleVersion.written_by), joinedload(RuleVersion.decided_by))
    ).all()
    active = {version.questionnaire_id: version for version in versions if version.status == "active"}
    waiting = {version.questionnaire_id: version for version in versions if version.status != "active"}
    return [
        FormRules(
            form,
            active.get(form.id),
            waiting.get(form.id),
            fits(form, active[form.id]) if form.id in active else True,
        )
        for form in forms
        if form.rules or form.id in active or form.id in waiting
    ]


def version_for(db: Session, actor: Actor, version_id: UUID) -> RuleVersion:
    """A version of the actor's own unit; it says nothing about any patient."""
    found = None
    if actor.capacity in READERS:
        found = db.scalar(
            sa.select(RuleVersion)
            .where(RuleVersion.id == version_id, RuleVersion.unit_id == actor.unit_id)
            .options(
                joinedload(RuleVersion.written_by),
                joinedload(RuleVersion.decided_by),
                selectinload(RuleVersion.trials),
            )
        )
    if found is None:
        raise NotVisible("rules", version_id)
    return found


def proposals(db: Session, unit_id: UUID) -> list[RuleVersion]:
    """What waits for a decision at the unit, the oldest first."""
    waiting = sa.select(RuleVersion).where(RuleVersion.unit_id == unit_id, RuleVersion.status == "proposed")
    return list(db.scalars(waiting.order_by(RuleVersion.proposed_at)))


def names_of(db: Session, actor: Actor, numbers: Iterable[str], *, at: datetime) -> dict[str, Patient]:
    """Whose the responses with these receipts are, as far as the actor may know of them."""
    if actor.capacity not in CLINICAL:
        return {}
    rows = db.execute(
        sa.select(QuestionnaireResponse.receipt, Patient)
        .join(Patient, Patient.id == QuestionnaireResponse.patient_id)
        .where(
            QuestionnaireResponse.receipt.in_(list(numbers)),
            QuestionnaireResponse.unit_id == actor.unit_id,
            QuestionnaireResponse.respondent_id.is_(None),
            QuestionnaireResponse.patient_id.in_(visible_patients(actor, at=at)),
        )
    )
    return {receipt: patient for receipt, patient in rows}  # noqa: C416  (rows are no pairs to mypy)
