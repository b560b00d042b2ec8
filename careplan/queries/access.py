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
from careplan.domain.messages import ThreadKind
from careplan.domain.sharing import GOALS, VISITS
from careplan.models import (
    CarePlan,
    CareTeamMember,
    Draft,
    Goal,
    Handover,
    Letter,
    OwnEvent,
    Patient,
    QuestionnaireRequest,
    QuestionnaireResponse,
    Referral,
    RehabilitationRevision,
    Share,
    Task,
    Thread,
)
from careplan.models.tasks import OPEN
from careplan.queries import handed, referred

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
    OwnEvent: "plan",
    Referral: "plan",
    RehabilitationRevision: "plan",
    QuestionnaireRequest: "help",
    Draft: "help",
    QuestionnaireResponse: "answers",
    Thread: "messages",
}
# What of a plan shared in parts each kind belongs to.
PARTS = {Goal: GOALS, OwnEvent: VISITS, Referral: GOALS, RehabilitationRevision: GOALS}
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


def get_patient_for(db: Session, actor: Actor, patient_id: UUID, *, at: datetime, by_referral: bool = False) -> Patient:
    """`by_referral`: for what an accepted referral opens, too, which is less than to be in the patient's team."""
    known = Patient.id.in_(visible_patients(actor, at=at))
    if by_referral and actor.capacity is Capacity.REHABILITATION:
        known = sa.or_(known, Patient.id.in_(referred.patients_of(actor)))
    query = sa.select(Patient).where(Patient.id == patient_id, known)
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


def get_thread_for(db: Session, actor: Actor, thread_id: UUID, *, at: datetime) -> Thread:
    query = _scoped(sa.select(Thread), Thread, actor, at=at)
    return _one(db, query.where(Thread.id == thread_id), "thread", thread_id)


def get_letter_for(db: Session, actor: Actor, letter_id: UUID, *, at: datetime) -> Letter:
    """Letters are written by nurses; the patient gets them by post."""
    if actor.capacity is not Capacity.CONTACT_NURSE:
        raise NotVisible("letter", letter_id)
    return _one(db, _scoped(sa.select(Letter), Letter, actor, at=at).where(Letter.id == letter_id), "letter", letter_id)


def get_referral_for(
    db: Session, actor: Actor, referral_id: UUID, *, at: datetime, to_answer: bool = False
) -> Referral:
    """Referrals are the staff's own; the patient reads in the plan where they stand.

    `to_answer`: only for those to whom it was sent. Nurses read what is sent, and others what is sent to them.
    """
    if actor.capacity not in CLINICAL:
        raise NotVisible("referral", referral_id)
    query = _scoped(sa.select(Referral), Referral, actor, at=at)
    if to_answer:
        query = query.where(Referral.id.in_(referred.referrals_to(actor)))
    return _one(db, query.where(Referral.id == referral_id), "referral", referral_id)


def get_handover_for(db: Session, actor: Actor, handover_id: UUID, *, at: datetime) -> Handover:
    """Handovers are the nurses' own, of the unit that sends and the one that receives."""
    if actor.capacity is not Capacity.CONTACT_NURSE:
        raise NotVisible("handover", handover_id)
    query = _scoped(sa.select(Handover), Handover, actor, at=at).where(Handover.id == handover_id)
    return _one(db, query, "handover", handover_id)


def get_goal_for(db: Session, actor: Actor, goal_id: UUID, *, at: datetime) -> Goal:
    query = _scoped(sa.select(Goal).join(CarePlan, CarePlan.id == Goal.plan_id), CarePlan, actor, at=at)
    if actor.capacity is Capacity.RELATIVE:
        query = query.where(Goal.patient_id.in_(_shares(actor, at=at, scope="plan", part=PARTS[Goal])))
    return _one(db, query.where(Goal.id == goal_id), "goal", goal_id)


def visible(model: type, actor: Actor, *, at: datetime) -> sa.ColumnElement[bool]:
    """The condition that holds for the rows of `model` (with patient_id and unit_id) that the actor may see."""
    if actor.only_request_id is not None:
        bound = BOUND_TO_REQUEST.get(model)
        return bound == actor.only_request_id if bound is not None else sa.false()
    if model is Thread:
        return _threads(actor, at=at)
    if model is Handover and actor.capacity in CLINICAL:
        return handed.handovers(actor, visible_patients(actor, at=at), at=at)
    if actor.capacity in CLINICAL:
        theirs = sa.and_(model.unit_id == actor.unit_id, model.patient_id.in_(visible_patients(actor, at=at)))
        # What relatives say of themselves is told to the contact nurse.
        if actor.capacity is not Capacity.REHABILITATION:
            standing = _standing_here(model, actor, at=at)
            return sa.or_(theirs, standing) if standing is not None else theirs
        own = sa.and_(theirs, _of_patient(model), _written_to(actor) if model is Task else sa.true())
        return sa.or_(own, by_referral) if (by_referral := referred.also_visible(model, actor)) is not None else own
    if actor.capacity is Capacity.RELATIVE:
        scope = SCOPES.get(model)
        if scope is None:
            return sa.false()
        shared = model.patient_id.in_(_shares(actor, at=at, scope=scope, part=PARTS.get(model)))
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
        return frozenset({"plan", "answers", "documents", "help", "messages", "sensitive"})
    if actor.capacity is not Capacity.RELATIVE:
        return frozenset()
    shares = db.scalars(sa.select(Share).where(*_active_share(actor, at=at))).all()
    return frozenset(scope for share in shares for scope in share.scopes)


def shared_parts(db: Session, actor: Actor, *, at: datetime) -> frozenset[str] | None:
    """What of the plan a relative may read, where the patient chose parts of it; None where nothing is held back."""
    if actor.capacity is not Capacity.RELATIVE:
        return None
    shares = db.scalars(sa.select(Share).where(*_active_share(actor, at=at))).all()
    parts = [share.parts for share in shares if "plan" in share.scopes or "documents" in share.scopes]
    if not parts or any(each is None for each in parts):
        return None
    return frozenset(part for each in parts if each for part in each)


def may_read_part(db: Session, actor: Actor, part: str, *, at: datetime) -> bool:
    """Whether "plan" covers this part of it, for whoever has that right."""
    parts = shared_parts(db, actor, at=at)
    return parts is None or part in parts


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


def _threads(actor: Actor, *, at: datetime) -> sa.ColumnElement[bool]:
    """Nurses read all of their unit's, other professions what they take part in, the family what is not the team's.

    The thread whose open task stands in another unit's list is reached from there, too.
    """
    if actor.capacity is Capacity.RELATIVE:
        return sa.and_(Thread.patient_id.in_(_shares(actor, at=at, scope="messages")), _is_of_family())
    of_patients = Thread.patient_id.in_(visible_patients(actor, at=at))
    if actor.capacity is Capacity.REHABILITATION:
        of_patients = sa.or_(of_patients, Thread.patient_id.in_(referred.patients_of(actor)))
    if actor.capacity not in CLINICAL:
        return sa.and_(of_patients, _is_of_family())
    moved_here = sa.select(Task.thread_id).where(
        Task.thread_id == Thread.id, Task.list_unit_id == actor.unit_id, Task.status.in_(OPEN)
    )
    from_elsewhere = moved_here.correlate(Thread).exists()
    if actor.capacity is Capacity.CONTACT_NURSE:
        from_elsewhere = sa.or_(from_elsewhere, sa.and_(_takes_part(actor), handed.of_patients(actor)))
    here = sa.or_(
        sa.and_(of_patients, Thread.unit_id == actor.unit_id),
        sa.and_(from_elsewhere, handed.not_barred(Thread, actor, at=at)),
    )
    return sa.and_(here, of_patients, _takes_part(actor)) if actor.capacity is Capacity.REHABILITATION else here


def _is_of_family() -> sa.ColumnElement[bool]:
    return Thread.kind == ThreadKind.PATIENT


def _takes_part(actor: Actor) -> sa.ColumnElement[bool]:
    is_between = sa.or_(Thread.started_by_id == actor.practitioner_id, Thread.to_id == actor.practitioner_id)
    return sa.and_(Thread.kind == ThreadKind.TEAM, is_between)


def _written_to(actor: Actor) -> sa.ColumnElement[bool]:
    """A task about no thread, or about one that this member of the team takes part in; handovers are the nurses'."""
    return sa.and_(
        Task.handover_id.is_(None),
        sa.or_(Task.thread_id.is_(None), Task.thread_id.in_(sa.select(Thread.id).where(_takes_part(actor)))),
    )


def _standing_here(model: type, actor: Actor, *, at: datetime) -> sa.ColumnElement[bool] | None:
    """A task that has come to the nurse's unit from another one, which has nobody there or has let the patient go.

    With it the answers that it is about, and nothing else of the patient.
    """
    moved_here = sa.and_(
        Task.list_unit_id == actor.unit_id, Task.unit_id != actor.unit_id, handed.not_barred(Task, actor, at=at)
    )
    if model is Task:
        return moved_here
    if model is QuestionnaireResponse:
        moved = sa.select(Task.id).where(Task.response_id == QuestionnaireResponse.id, moved_here)
        return moved.correlate(QuestionnaireResponse).exists()
    return None


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


def _shares(actor: Actor, *, at: datetime, scope: str | None = None, part: str | None = None) -> sa.Select[tuple[UUID]]:
    query = sa.select(Share.patient_id).where(*_active_share(actor, at=at))
    # The lists are short JSON written by us: a quoted word in their text is exact on both databases.
    if scope is not None:
        query = query.where(sa.cast(Share.scopes, sa.Text).contains(f'"{scope}"'))
    if part is not None:
        shared = sa.cast(Share.parts, sa.Text).contains(f'"{part}"')
        query = query.where(sa.or_(Share.parts.is_(sa.null()), shared))
    return query


def _one(db: Session, query: sa.Select[tuple[T]], object_type: str, object_id: UUID) -> T:
    found = db.scalars(query).one_or_none()
    if found is None:
        raise NotVisible(object_type, object_id)
    return found
