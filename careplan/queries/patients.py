"""The unit's patients: the list, one found by number, and one patient's page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from careplan.domain.identity import Actor, Capacity, PersonIdentifier
from careplan.models import (
    Appointment,
    CarePlan,
    CareTeamMember,
    Goal,
    Identifier,
    Membership,
    Patient,
    Person,
    Practitioner,
    QuestionnaireRequest,
    QuestionnaireResponse,
    Task,
)
from careplan.models.tasks import OPEN
from careplan.queries import access, plan

PAGE_SIZE = 50
LATEST = 5

Newest, ItsTask = aliased(QuestionnaireResponse), aliased(Task)  # of answers that have been corrected


@dataclass(frozen=True, slots=True)
class Row:
    """One patient in the list. `plan_status` is None without a plan at this unit."""

    patient_id: UUID
    name: str
    born_on: date | None
    nurse: str
    definition_id: str
    plan_status: str | None
    open_tasks: int


@dataclass(frozen=True, slots=True)
class Listing:
    rows: tuple[Row, ...]
    number: int
    pages: int
    total: int


@dataclass(frozen=True, slots=True)
class Answered:
    """A response and what became of it. Of an old version: when and in which task the newest came."""

    response: QuestionnaireResponse
    task: Task | None
    corrected_at: datetime | None
    newest_task_id: UUID | None


@dataclass(frozen=True, slots=True)
class Overview:
    """What staff need to know of one patient before they act."""

    patient: Patient
    numbers: tuple[str, ...]
    plan: CarePlan | None
    signed: plan.Version | None
    appointments: tuple[Appointment, ...]
    answered: tuple[Answered, ...]
    tasks: tuple[Task, ...]
    goals: tuple[Goal, ...]
    requests: tuple[QuestionnaireRequest, ...]


def listing(db: Session, actor: Actor, *, at: datetime, number: int = 1) -> Listing:
    """One page of the patients whom the actor may see, by family name. A page outside the list is the nearest one."""
    visible = Patient.id.in_(access.visible_patients(actor, at=at))
    total = db.scalar(sa.select(sa.func.count()).select_from(Patient).where(visible)) or 0
    pages = max(1, -(-total // PAGE_SIZE))
    number = min(max(1, number), pages)
    found = db.execute(
        sa.select(Patient.id, Person.given_name, Person.family_name, Person.born_on)
        .join(Person, Person.id == Patient.person_id)
        .where(visible)
        .order_by(Person.family_name, Person.given_name, Patient.id)
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    ).all()
    ids = [row.id for row in found]
    nurses, plans, tasks = _nurses(db, actor, ids, at=at), _plans(db, actor, ids), _open_tasks(db, actor, ids, at=at)
    rows = tuple(
        Row(
            patient_id=row.id,
            name=f"{row.given_name} {row.family_name}",
            born_on=row.born_on,
            nurse=nurses.get(row.id, ""),
            definition_id=plans[row.id][0] if row.id in plans else "",
            plan_status=plans[row.id][1] if row.id in plans else None,
            open_tasks=tasks.get(row.id, 0),
        )
        for row in found
    )
    return Listing(rows, number, pages, total)


def find(db: Session, actor: Actor, identifier: PersonIdentifier, *, at: datetime) -> UUID | None:
    """The patient with this number whom the actor may see. Whether someone else knows the person is not told."""
    return db.scalar(
        sa.select(Patient.id)
        .join(Identifier, Identifier.person_id == Patient.person_id)
        .where(
            Identifier.system == identifier.system,
            Identifier.value == identifier.value,
            Patient.id.in_(access.visible_patients(actor, at=at)),
        )
    )


def contact_nurses(db: Session, unit_id: UUID, *, on: date) -> list[tuple[UUID, str]]:
    """Who may be named as contact nurse at this unit."""
    rows = db.execute(
        sa.select(Practitioner.id, Person.given_name, Person.family_name)
        .join(Membership, Membership.practitioner_id == Practitioner.id)
        .join(Person, Person.id == Practitioner.person_id)
        .where(
            Membership.unit_id == unit_id,
            Membership.role == Capacity.CONTACT_NURSE,
            Membership.from_on <= on,
            sa.or_(Membership.to_on.is_(None), Membership.to_on >= on),
        )
        .order_by(Person.given_name, Person.family_name)
    )
    return [(row.id, f"{row.given_name} {row.family_name}") for row in rows]


def overview(db: Session, actor: Actor, patient: Patient, *, at: datetime) -> Overview:
    current = open_plan(db, actor, patient.id, at=at)
    signed = plan.versions(db, current.id)[:1] if current else []
    return Overview(
        patient=patient,
        numbers=tuple(db.scalars(sa.select(Identifier.value).where(Identifier.person_id == patient.person_id))),
        plan=current,
        signed=signed[0] if signed else None,
        appointments=tuple(plan.appointments(db, [current.id], at=at)) if current else (),
        answered=tuple(_answered(db, actor, patient.id, at=at)),
        tasks=tuple(open_tasks(db, actor, patient.id, at=at)),
        goals=tuple(_goals(db, actor, patient.id, at=at)),
        requests=tuple(open_requests(db, actor, patient.id, at=at)),
    )


def open_plan(db: Session, actor: Actor, patient_id: UUID, *, at: datetime) -> CarePlan | None:
    """The plan under way at the actor's unit, signed or not."""
    return db.scalars(
        sa.select(CarePlan)
        .where(
            access.visible(CarePlan, actor, at=at),
            CarePlan.patient_id == patient_id,
            CarePlan.status.in_(("draft", "active")),
        )
        .order_by(CarePlan.created_at.desc())
        .limit(1)
    ).first()


def open_requests(db: Session, actor: Actor, patient_id: UUID, *, at: datetime) -> Sequence[QuestionnaireRequest]:
    """Forms that the clinic asks for, neither answered nor closed; a correction is the patient's own matter."""
    return db.scalars(
        sa.select(QuestionnaireRequest)
        .where(
            access.visible(QuestionnaireRequest, actor, at=at),
            QuestionnaireRequest.patient_id == patient_id,
            QuestionnaireRequest.status.in_(OPEN),
            QuestionnaireRequest.closes_at > at,
            QuestionnaireRequest.corrects_id.is_(None),
        )
        .order_by(QuestionnaireRequest.due_at)
        .options(joinedload(QuestionnaireRequest.respondent))
    ).all()


def _nurses(db: Session, actor: Actor, ids: Sequence[UUID], *, at: datetime) -> dict[UUID, str]:
    today = at.date()
    members = db.scalars(
        sa.select(CareTeamMember)
        .where(
            CareTeamMember.patient_id.in_(ids),
            CareTeamMember.unit_id == actor.unit_id,
            CareTeamMember.role == Capacity.CONTACT_NURSE,
            CareTeamMember.from_on <= today,
            sa.or_(CareTeamMember.to_on.is_(None), CareTeamMember.to_on >= today),
        )
        .order_by(CareTeamMember.from_on)
    )
    return {member.patient_id: member.practitioner.name for member in members}


def _plans(db: Session, actor: Actor, ids: Sequence[UUID]) -> dict[UUID, tuple[str, str]]:
    """Patient id -> template and status of the plan under way."""
    rows = db.execute(
        sa.select(CarePlan.patient_id, CarePlan.definition_id, CarePlan.status)
        .where(
            CarePlan.patient_id.in_(ids),
            CarePlan.unit_id == actor.unit_id,
            CarePlan.status.in_(("draft", "active")),
        )
        .order_by(CarePlan.created_at)
    )
    return {row.patient_id: (row.definition_id, row.status) for row in rows}


def _open_tasks(db: Session, actor: Actor, ids: Sequence[UUID], *, at: datetime) -> dict[UUID, int]:
    rows = db.execute(
        sa.select(Task.patient_id, sa.func.count())
        .where(Task.patient_id.in_(ids), Task.unit_id == actor.unit_id, Task.status.in_(OPEN), Task.starts_at <= at)
        .group_by(Task.patient_id)
    )
    return {row[0]: row[1] for row in rows}


def _answered(db: Session, actor: Actor, patient_id: UUID, *, at: datetime) -> list[Answered]:
    replaced_by = sa.and_(
        Newest.patient_id == QuestionnaireResponse.patient_id,
        Newest.unit_id == QuestionnaireResponse.unit_id,
        Newest.questionnaire_id == QuestionnaireResponse.questionnaire_id,
        Newest.first_sent_at == QuestionnaireResponse.ordered_at(),
        Newest.respondent_id.is_not_distinct_from(QuestionnaireResponse.respondent_id),
        Newest.number > QuestionnaireResponse.number,
        Newest.is_newest(),
    )
    rows = db.execute(
        sa.select(QuestionnaireResponse, Task, Newest.submitted_at, ItsTask.id)
        .outerjoin(Task, Task.response_id == QuestionnaireResponse.id)
        .outerjoin(Newest, replaced_by)
        .outerjoin(ItsTask, ItsTask.response_id == Newest.id)
        .where(access.visible(QuestionnaireResponse, actor, at=at), QuestionnaireResponse.patient_id == patient_id)
        .order_by(QuestionnaireResponse.submitted_at.desc(), QuestionnaireResponse.number.desc())
        .limit(LATEST)
        .options(
            joinedload(QuestionnaireResponse.respondent),
            joinedload(Task.read_by),
            joinedload(Task.completed_by),
            joinedload(Task.owner),
        )
    )
    return [Answered(*row) for row in rows]


def open_tasks(db: Session, actor: Actor, patient_id: UUID, *, at: datetime) -> Sequence[Task]:
    return db.scalars(
        sa.select(Task)
        .where(
            access.visible(Task, actor, at=at),
            Task.patient_id == patient_id,
            Task.status.in_(OPEN),
            Task.starts_at <= at,
        )
        .order_by(Task.rank, Task.due_at, Task.id)
        .options(joinedload(Task.owner))
    ).all()


def _goals(db: Session, actor: Actor, patient_id: UUID, *, at: datetime) -> Sequence[Goal]:
    return db.scalars(
        sa.select(Goal)
        .join(CarePlan, CarePlan.id == Goal.plan_id)
        .where(access.visible(CarePlan, actor, at=at), Goal.patient_id == patient_id, Goal.status == "active")
        .order_by(Goal.review_on)
        .options(selectinload(Goal.activities))
    ).all()
