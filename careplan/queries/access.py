"""The one filter: what an actor may see. Fetching is the permission check; all other queries build on these.

Rules as data (DESIGN.md 4, Access): a patient sees what is theirs, and on the clinic's tablet one form of it; a
relative what the patient shared and what they are asked about themselves, which the patient does not see; clinical
staff the patients whom their unit cares for, and there only what belongs to their unit; managers, editors and
administrators no clinical content by being that.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.domain.errors import CareplanError
from careplan.domain.identity import CLINICAL, Actor, Capacity
from careplan.models import (
    CarePlan,
    CareTeamMember,
    Draft,
    Goal,
    Patient,
    QuestionnaireRequest,
    QuestionnaireResponse,
    Share,
    Task,
)

T = TypeVar("T")


class NotVisible(CareplanError):
    """There is no such thing for this actor: it does not exist, or it is not theirs. Nobody is told which."""

    def __init__(self, object_type: str, object_id: UUID | str) -> None:
        super().__init__(object_type, object_id)
        self.object_type = object_type
        self.object_id = object_id


# What a relative needs of the patient's permission to reach each kind of thing.
# A relative's scope "sensitive" opens nothing by itself: with "help" or "answers" it adds the sensitive forms.
SCOPES = {
    CarePlan: "plan",
    Goal: "plan",
    QuestionnaireRequest: "help",
    Draft: "help",
    QuestionnaireResponse: "answers",
}
# What is asked of a person, and answered by one: a relative may be that person.
ANSWERING = (QuestionnaireRequest, QuestionnaireResponse)

# What a session on the clinic's tablet reaches: its own request, and what came of it. Nothing else of the patient.
BOUND_TO_REQUEST: dict[type, sa.ColumnElement[UUID]] = {
    QuestionnaireRequest: QuestionnaireRequest.id,
    QuestionnaireResponse: QuestionnaireResponse.request_id,
}


def visible_patients(actor: Actor, *, at: datetime) -> sa.Select[tuple[UUID]]:
    """Ids of the patients whom the actor may know of at all."""
    if actor.only_request_id is not None:
        return sa.select(Patient.id).where(sa.false())
    if actor.capacity is Capacity.PATIENT:
        return sa.select(Patient.id).where(Patient.id == actor.patient_id)
    if actor.capacity is Capacity.RELATIVE:
        return _shares(actor, at=at)
    if actor.capacity in CLINICAL:
        return _cared_for(actor, at=at)
    return sa.select(Patient.id).where(sa.false())


def get_patient_for(db: Session, actor: Actor, patient_id: UUID, *, at: datetime) -> Patient:
    query = sa.select(Patient).where(Patient.id == patient_id, Patient.id.in_(visible_patients(actor, at=at)))
    return _one(db, query, "patient", patient_id)


def get_plan_for(db: Session, actor: Actor, plan_id: UUID, *, at: datetime) -> CarePlan:
    """The plan; a patient or relative reaches it from its first signing on."""
    query = _scoped(sa.select(CarePlan), CarePlan, actor, at=at).where(CarePlan.id == plan_id)
    if actor.capacity not in CLINICAL:
        query = query.where(CarePlan.status != "draft")
    return _one(db, query, "plan", plan_id)


def get_request_for(db: Session, actor: Actor, request_id: UUID, *, at: datetime) -> QuestionnaireRequest:
    query = _scoped(sa.select(QuestionnaireRequest), QuestionnaireRequest, actor, at=at)
    return _one(db, query.where(QuestionnaireRequest.id == request_id), "request", request_id)


def get_draft_for(db: Session, actor: Actor, draft_id: UUID, *, at: datetime) -> Draft:
    """A draft is the patient's (and a helping relative's) alone: staff see what was sent."""
    if actor.capacity in CLINICAL:
        raise NotVisible("draft", draft_id)
    query = _scoped(sa.select(Draft).join(Draft.request), QuestionnaireRequest, actor, at=at)
    return _one(db, query.where(Draft.id == draft_id), "draft", draft_id)


def get_response_for(db: Session, actor: Actor, response_id: UUID, *, at: datetime) -> QuestionnaireResponse:
    query = _scoped(sa.select(QuestionnaireResponse), QuestionnaireResponse, actor, at=at)
    return _one(db, query.where(QuestionnaireResponse.id == response_id), "response", response_id)


def get_task_for(db: Session, actor: Actor, task_id: UUID, *, at: datetime) -> Task:
    """Tasks are the staff's own; patients see their effect, not the row."""
    if actor.capacity not in CLINICAL:
        raise NotVisible("task", task_id)
    return _one(db, _scoped(sa.select(Task), Task, actor, at=at).where(Task.id == task_id), "task", task_id)


def get_goal_for(db: Session, actor: Actor, goal_id: UUID, *, at: datetime) -> Goal:
    query = _scoped(sa.select(Goal).join(CarePlan, CarePlan.id == Goal.plan_id), CarePlan, actor, at=at)
    return _one(db, query.where(Goal.id == goal_id), "goal", goal_id)


def visible(model: type, actor: Actor, *, at: datetime) -> sa.ColumnElement[bool]:
    """The condition that holds for the rows of `model` (with patient_id and unit_id) that the actor may see."""
    if actor.only_request_id is not None:
        bound = BOUND_TO_REQUEST.get(model)
        return bound == actor.only_request_id if bound is not None else sa.false()
    if actor.capacity in CLINICAL:
        theirs = sa.and_(model.unit_id == actor.unit_id, model.patient_id.in_(visible_patients(actor, at=at)))
        # What relatives say of themselves is told to the contact nurse.
        return sa.and_(theirs, _of_patient(model)) if actor.capacity is Capacity.REHABILITATION else theirs
    if actor.capacity is Capacity.RELATIVE:
        scope = SCOPES.get(model)
        if scope is None:
            return sa.false()
        shared = model.patient_id.in_(_shares(actor, at=at, scope=scope))
        if model not in ANSWERING:
            return shared
        own = sa.and_(model.respondent_id == actor.person_id, model.patient_id.in_(_shares(actor, at=at)))
        return sa.or_(own, sa.and_(shared, _of_patient(model), *_known_to(actor, model, at=at)))
    return sa.and_(model.patient_id.in_(visible_patients(actor, at=at)), _of_patient(model))


def scopes_for(
    db: Session, actor: Actor, thing: QuestionnaireRequest | QuestionnaireResponse, *, at: datetime
) -> frozenset[str]:
    """As `scopes_of`, for one form that the actor may see: what a relative is asked about themself is all theirs."""
    if thing.respondent_id is not None and thing.respondent_id == actor.person_id:
        return frozenset({"answers", "help"})
    return scopes_of(db, actor, at=at)


def scopes_of(db: Session, actor: Actor, *, at: datetime) -> frozenset[str]:
    """What a relative may reach of the patient they act for; everything for the patient."""
    if actor.only_request_id is not None:
        return frozenset()
    if actor.capacity is Capacity.PATIENT:
        return frozenset({"plan", "answers", "documents", "help", "sensitive"})
    if actor.capacity is not Capacity.RELATIVE:
        return frozenset()
    shares = db.scalars(sa.select(Share).where(*_active_share(actor, at=at))).all()
    return frozenset(scope for share in shares for scope in share.scopes)


def _scoped(query: sa.Select[tuple[T]], model: type, actor: Actor, *, at: datetime) -> sa.Select[tuple[T]]:
    return query.where(visible(model, actor, at=at))


def _cared_for(actor: Actor, *, at: datetime) -> sa.Select[tuple[UUID]]:
    today = at.date()
    query = sa.select(CareTeamMember.patient_id).where(
        CareTeamMember.unit_id == actor.unit_id,
        CareTeamMember.from_on <= today,
        sa.or_(CareTeamMember.to_on.is_(None), CareTeamMember.to_on >= today),
    )
    if actor.capacity is Capacity.REHABILITATION:  # a rehabilitation professional: only patients of their own
        query = query.where(CareTeamMember.practitioner_id == actor.practitioner_id)
    return query


def _of_patient(model: type) -> sa.ColumnElement[bool]:
    """The condition that it is not a relative's own matter."""
    if model in ANSWERING:
        return model.respondent_id.is_(None)
    if model is not Task:
        return sa.true()
    asked = sa.select(QuestionnaireRequest.id).where(
        QuestionnaireRequest.id == Task.request_id, QuestionnaireRequest.respondent_id.is_not(None)
    )
    return ~asked.correlate(Task).exists()


def _known_to(actor: Actor, model: type, *, at: datetime) -> Sequence[sa.ColumnElement[bool]]:
    """Of the patient's forms: the sensitive ones only where the patient has said so, a correction where it is known."""
    may_all = model.patient_id.in_(_shares(actor, at=at, scope="sensitive"))
    if model is QuestionnaireRequest:
        return sa.or_(~QuestionnaireRequest.is_sensitive, may_all), _corrects_what_they_know(actor, at=at)
    sensitive = sa.select(QuestionnaireRequest.id).where(
        QuestionnaireRequest.patient_id == actor.patient_id, QuestionnaireRequest.is_sensitive
    )
    return (sa.or_(QuestionnaireResponse.request_id.not_in(sensitive), may_all),)


def _corrects_what_they_know(actor: Actor, *, at: datetime) -> sa.ColumnElement[bool]:
    """A correction holds all that was sent: a relative reaches it who sent that, or may read answers."""
    known = sa.select(QuestionnaireResponse.request_id).where(
        sa.or_(
            QuestionnaireResponse.source_id == actor.person_id,
            QuestionnaireResponse.patient_id.in_(_shares(actor, at=at, scope="answers")),
        )
    )
    return sa.or_(QuestionnaireRequest.corrects_id.is_(None), QuestionnaireRequest.corrects_id.in_(known))


def _active_share(actor: Actor, *, at: datetime) -> Sequence[sa.ColumnElement[bool]]:
    return (
        Share.person_id == actor.person_id,
        Share.patient_id == actor.patient_id,
        Share.from_at <= at,
        sa.or_(Share.to_at.is_(None), Share.to_at > at),
    )


def _shares(actor: Actor, *, at: datetime, scope: str | None = None) -> sa.Select[tuple[UUID]]:
    query = sa.select(Share.patient_id).where(*_active_share(actor, at=at))
    if scope is not None:
        # The list is short JSON written by us: a quoted word in its text is exact on both databases.
        query = query.where(sa.cast(Share.scopes, sa.Text).contains(f'"{scope}"'))
    return query


def _one(db: Session, query: sa.Select[tuple[T]], object_type: str, object_id: UUID) -> T:
    found = db.scalars(query).one_or_none()
    if found is None:
        raise NotVisible(object_type, object_id)
    return found
