"""Handovers as staff and patient meet them: where one may be sent, how it stands, and who is responsible now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from careplan.domain.handovers import OPEN, Status
from careplan.domain.identity import Actor, Capacity
from careplan.domain.needs import NeedLevel
from careplan.domain.tasks import TaskKind
from careplan.domain.team import Contact
from careplan.i18n import local
from careplan.models import (
    Goal,
    Handover,
    Membership,
    NeedsAssessment,
    Practitioner,
    Provider,
    QuestionnaireRequest,
    Referral,
    Task,
    Thread,
    Unit,
)
from careplan.models.tasks import OPEN as OPEN_TASKS
from careplan.queries.access import visible, visible_patients
from careplan.queries.needs import goals_of_plan
from careplan.queries.team import contact_for


@dataclass(frozen=True, slots=True)
class Receiver:
    id: UUID
    name: str
    provider: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What is open in the plan that is handed over: needs by area, goals, the next form, and who reads it now."""

    levels: tuple[tuple[str, NeedLevel], ...]
    assessed_at: datetime | None
    goals: Sequence[Goal]
    request: QuestionnaireRequest | None
    reads: Contact
    sender: Contact
    questions: Sequence[Thread]
    waits: Task | None
    review: Task | None


def receivers(db: Session, actor: Actor, *, at: datetime) -> list[Receiver]:
    """Open units of any provider, with a contact nurse; not the actor's own."""
    today = local(at).date()
    rows = db.execute(
        sa.select(Unit.id, Unit.name, Provider.name)
        .join(Provider, Provider.id == Unit.provider_id)
        .where(
            Unit.id != actor.unit_id,
            sa.or_(Unit.closed_on.is_(None), Unit.closed_on > today),
            sa.exists().where(
                Membership.unit_id == Unit.id,
                Membership.role == Capacity.CONTACT_NURSE,
                Membership.from_on <= today,
                sa.or_(Membership.to_on.is_(None), Membership.to_on >= today),
            ),
        )
        .order_by(Unit.name, Provider.name)
    )
    return [Receiver(*row) for row in rows]


def of_patient(db: Session, actor: Actor, patient_id: UUID, *, at: datetime) -> Sequence[Handover]:
    """All that the actor may know of, the newest first."""
    return db.scalars(
        sa.select(Handover)
        .where(Handover.patient_id == patient_id, visible(Handover, actor, at=at))
        .order_by(Handover.requested_at.desc(), Handover.id)
        .options(*_with_names())
    ).all()


def under_way(db: Session, patient_id: UUID) -> Handover | None:
    """The open one of a patient whom the caller may see: whom the sender waits for."""
    return db.scalars(
        sa.select(Handover)
        .where(Handover.patient_id == patient_id, Handover.status.in_(OPEN))
        .order_by(Handover.requested_at.desc())
        .limit(1)
        .options(*_with_names())
    ).first()


def newest(db: Session, plan_id: UUID) -> Handover | None:
    """The last one of a plan that the caller may see, unless it came to nothing."""
    return db.scalars(
        sa.select(Handover)
        .where(Handover.plan_id == plan_id, Handover.status.in_((*OPEN, Status.COMPLETED)))
        .order_by(Handover.requested_at.desc())
        .limit(1)
        .options(*_with_names())
    ).first()


def is_alive_to(db: Session, actor: Actor, handover: Handover, *, at: datetime) -> bool:
    """Whether the actor reads what stands in the plan now: who receives it, or still cares for the patient."""
    if handover.to_unit_id == actor.unit_id:
        return True
    return bool(db.scalar(sa.select(sa.literal(handover.patient_id).in_(visible_patients(actor, at=at)))))


def standing(db: Session, actor: Actor, handover: Handover, *, at: datetime) -> Standing:
    """For a handover that the actor was allowed to fetch; its sight is lent for what is open in that plan alone."""
    assessed = db.scalars(
        sa.select(NeedsAssessment)
        .where(NeedsAssessment.plan_id == handover.plan_id)
        .order_by(NeedsAssessment.assessed_at.desc())
        .limit(1)
        .options(joinedload(NeedsAssessment.levels))
    ).first()
    levels = tuple((row.area, row.level) for row in assessed.levels) if assessed else ()
    responsible = handover.to_unit_id if handover.status == Status.COMPLETED else handover.unit_id
    return Standing(
        levels=tuple(each for each in levels if each[1] is not NeedLevel.NONE),
        assessed_at=assessed.assessed_at if assessed else None,
        goals=goals_of_plan(db, handover.plan_id),
        request=db.scalars(
            sa.select(QuestionnaireRequest)
            .where(
                QuestionnaireRequest.plan_id == handover.plan_id,
                QuestionnaireRequest.status.in_(OPEN_TASKS),
                QuestionnaireRequest.respondent_id.is_(None),
                QuestionnaireRequest.corrects_id.is_(None),
                ~QuestionnaireRequest.is_sensitive,
                QuestionnaireRequest.closes_at > at,
            )
            .order_by(QuestionnaireRequest.opens_at)
            .limit(1)
        ).first(),
        reads=contact_for(db, handover.patient_id, responsible, at=at),
        sender=contact_for(db, handover.patient_id, handover.unit_id, at=at),
        questions=db.scalars(
            sa.select(Thread)
            .where(
                Thread.patient_id == handover.patient_id,
                Thread.kind == "team",
                Thread.started_at >= handover.requested_at,
                visible(Thread, actor, at=at),
            )
            .order_by(Thread.started_at)
        ).all(),
        waits=_task(db, handover, actor, TaskKind.HANDOVER),
        review=_task(db, handover, actor, TaskKind.REVIEW),
    )


def open_work(
    db: Session, actor: Actor, patient_id: UUID, *, at: datetime
) -> tuple[Sequence[Task], Sequence[Referral]]:
    """What is not done at the actor's unit: tasks, and referrals that wait or go on."""
    work = db.scalars(
        sa.select(Task)
        .where(
            Task.patient_id == patient_id,
            Task.is_open(),
            Task.goal_id.is_(None),
            Task.referral_id.is_(None),
            Task.handover_id.is_(None),
            visible(Task, actor, at=at),
        )
        .order_by(Task.rank, Task.due_at)
        .limit(5)
    ).all()
    sent = db.scalars(
        sa.select(Referral)
        .where(
            Referral.patient_id == patient_id,
            Referral.status.in_(("requested", "accepted")),
            visible(Referral, actor, at=at),
        )
        .order_by(Referral.requested_at)
    ).all()
    return work, sent


def _task(db: Session, handover: Handover, actor: Actor, kind: TaskKind) -> Task | None:
    """The open one in the list of the actor's unit."""
    return db.scalars(
        sa.select(Task)
        .where(Task.handover_id == handover.id, Task.kind == kind, Task.is_open(), Task.list_unit_id == actor.unit_id)
        .order_by(Task.due_at)
        .limit(1)
    ).first()


def _with_names() -> tuple[sa.sql.base.ExecutableOption, ...]:
    return (
        joinedload(Handover.unit),
        joinedload(Handover.to_unit),
        joinedload(Handover.requested_by).joinedload(Practitioner.person),
        joinedload(Handover.answered_by).joinedload(Practitioner.person),
    )
