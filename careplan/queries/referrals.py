"""Referrals within the team: what waits, where each stands, and what its receiver needs to read."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, joinedload

from careplan.domain.identity import Actor, Capacity
from careplan.models import CarePlan, Goal, Patient, Person, Practitioner, Referral, Task
from careplan.models.tasks import OPEN
from careplan.queries.access import visible, visible_patients
from careplan.queries.needs import AreaState, needs_of
from careplan.queries.referred import referrals_to
from careplan.queries.trends import Trend, trends

# The longest list of what is under way.
MOST = 200


@dataclass(frozen=True, slots=True)
class Row:
    """One referral in the list. `due_at` is None once somebody has answered it."""

    id: UUID
    patient_id: UUID
    patient_name: str
    profession: str
    to_name: str
    question: str
    status: str
    requested_by: str
    requested_at: datetime
    answered_by: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Support:
    """What the receiver reads besides the question: the referral's own areas, and no others."""

    areas: tuple[AreaState, ...]
    trends: tuple[Trend, ...]
    assessed_at: datetime | None
    assessed_by: str


def open_referrals(db: Session, actor: Actor, *, at: datetime) -> list[Row]:
    """Those that wait, the oldest first, then those under way; for a nurse all of the unit's, for others their own."""
    asker, answerer, receiver = (aliased(Person) for _each in range(3))
    by, answered, to = (aliased(Practitioner) for _each in range(3))
    due = (
        sa.select(sa.func.min(Task.due_at))
        .where(Task.referral_id == Referral.id, Task.status.in_(OPEN))
        .correlate(Referral)
        .scalar_subquery()
    )
    rows = db.execute(
        sa.select(
            Referral,
            Person.given_name,
            Person.family_name,
            sa.type_coerce(due, Task.due_at.type).label("due_at"),
            *(
                sa.type_coerce(each.given_name + " " + each.family_name, sa.String)
                for each in (asker, answerer, receiver)
            ),
        )
        .join(Patient, Patient.id == Referral.patient_id)
        .join(Person, Person.id == Patient.person_id)
        .join(by, by.id == Referral.requested_by_id)
        .join(asker, asker.id == by.person_id)
        .outerjoin(answered, answered.id == Referral.answered_by_id)
        .outerjoin(answerer, answerer.id == answered.person_id)
        .outerjoin(to, to.id == Referral.practitioner_id)
        .outerjoin(receiver, receiver.id == to.person_id)
        .where(visible(Referral, actor, at=at), Referral.status.in_(("requested", "accepted")))
        .order_by(sa.case((Referral.status == "requested", 0), else_=1), Referral.requested_at, Referral.id)
        .limit(MOST)
    )
    return [
        Row(
            id=referral.id,
            patient_id=referral.patient_id,
            patient_name=f"{given} {family}",
            profession=referral.profession,
            to_name=receiver_name or "",
            question=referral.question,
            status=referral.status,
            requested_by=asker_name,
            requested_at=referral.requested_at,
            answered_by=answerer_name or "",
            due_at=due_at,
        )
        for referral, given, family, due_at, asker_name, answerer_name, receiver_name in rows
    ]


def of_patient(db: Session, actor: Actor, patient_id: UUID, *, at: datetime) -> Sequence[Referral]:
    """All that the actor may know of, the newest first; with who asked and who answered."""
    return db.scalars(
        sa.select(Referral)
        .where(Referral.patient_id == patient_id, visible(Referral, actor, at=at))
        .order_by(Referral.requested_at.desc(), Referral.id)
        .options(joinedload(Referral.requested_by), joinedload(Referral.answered_by), joinedload(Referral.practitioner))
    ).all()


def only_way_to(db: Session, actor: Actor, patient_id: UUID, *, at: datetime) -> Referral | None:
    """The accepted referral of one who is not in the patient's team, and reaches the patient by it alone."""
    if actor.capacity is not Capacity.REHABILITATION:
        return None
    return db.scalars(
        sa.select(Referral)
        .where(
            Referral.patient_id == patient_id,
            Referral.id.in_(referrals_to(actor)),
            Referral.status == "accepted",
            Referral.patient_id.not_in(visible_patients(actor, at=at)),
        )
        .order_by(Referral.requested_at)
        .limit(1)
    ).first()


def support(db: Session, actor: Actor, referral: Referral, *, at: datetime, lang: str) -> Support:
    """For a referral that the actor was allowed to fetch. The unit's sight is lent for the referral's areas alone."""
    unit = replace(actor, capacity=Capacity.CONTACT_NURSE)
    needs = needs_of(db, unit, referral.patient_id, at=at, lang=lang)
    areas = tuple(area for area in needs.areas if area.id in referral.areas)
    items = {said.link_id for area in areas for said in area.literal}
    drawn = trends(db, unit, referral.patient_id, at=at, items=items) if items else []
    return Support(
        areas=areas,
        trends=tuple(each for each in drawn if each.link_id in items),
        assessed_at=needs.assessed_at,
        assessed_by=needs.assessed_by,
    )


def reviews(db: Session, actor: Actor, *, at: datetime) -> list[tuple[Goal, str, str]]:
    """Goals under way that the actor may see, by the day they are looked back at, with patient and whose review it is.

    A nurse sees the unit's; others their own patients'.
    """
    owner, owner_person = aliased(Practitioner), aliased(Person)
    waiting = (
        sa.select(Task.owner_id)
        .where(Task.goal_id == Goal.id, Task.status.in_(OPEN))
        .limit(1)
        .correlate(Goal)
        .scalar_subquery()
    )
    rows = db.execute(
        sa.select(
            Goal,
            Person.given_name + " " + Person.family_name,
            owner_person.given_name + " " + owner_person.family_name,
        )
        .join(CarePlan, CarePlan.id == Goal.plan_id)
        .join(Patient, Patient.id == Goal.patient_id)
        .join(Person, Person.id == Patient.person_id)
        .outerjoin(owner, owner.id == waiting)
        .outerjoin(owner_person, owner_person.id == owner.person_id)
        .where(visible(CarePlan, actor, at=at), Goal.status == "active", CarePlan.status == "active")
        .order_by(Goal.review_on, Goal.id)
        .limit(MOST)
    )
    return [(goal, patient, whose or "") for goal, patient, whose in rows]
