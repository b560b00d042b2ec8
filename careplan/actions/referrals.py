"""Referrals within the team: asked, accepted or sent back with a reason, and ended with what came of it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import audit, notices, tasks
from careplan.domain.errors import CareplanError
from careplan.domain.identity import Actor
from careplan.domain.tasks import Outcome, TaskKind, due_at
from careplan.domain.team import Contact
from careplan.i18n import local
from careplan.models import CarePlan, CareTeamMember, Goal, Membership, Patient, Practitioner, Referral, Task
from careplan.models.tasks import OPEN


class UnknownProfession(CareplanError):
    """No such profession is configured."""

    def __init__(self, profession: str) -> None:
        super().__init__(profession)
        self.profession = profession


class NobodyThere(CareplanError):
    """Nobody of the profession works at the unit, or the one who was named does not: nobody would read it."""


class MissingQuestion(CareplanError):
    """A referral asks something."""


class MissingReturnReason(CareplanError):
    """Who sends a referral back says why."""


class MissingSummary(CareplanError):
    """An episode ends with what came of it."""


class ReferralAnswered(CareplanError):
    """Somebody has accepted it, sent it back or ended it since the page was opened."""

    def __init__(self, by: str) -> None:
        super().__init__(by)
        self.by = by


def refer(
    db: Session,
    plan: CarePlan,
    *,
    profession: str,
    known: Collection[str],
    areas: Sequence[str],
    question: str,
    contact: Contact,
    practitioner_id: UUID | None = None,
    key: UUID | None = None,
    by: Actor,
    at: datetime,
) -> Referral:
    """Ask another profession, or one person of it. Stands in its list until somebody answers; the nurse sees it late.

    `known` are the professions that are configured, `areas` the ones whose answers the receiver reads; `key` is the
    page's own and becomes the id.
    """
    if profession not in known:
        raise UnknownProfession(profession)
    if not question.strip():
        raise MissingQuestion
    there = _of_profession(db, plan.unit_id, profession, at=at)
    if not there or (practitioner_id is not None and practitioner_id not in there):
        raise NobodyThere
    referral = Referral(
        id=key or uuid4(),
        patient_id=plan.patient_id,
        unit_id=plan.unit_id,
        plan_id=plan.id,
        profession=profession,
        practitioner_id=practitioner_id,
        areas=list(areas),
        question=question.strip(),
        requested_by_id=by.practitioner_id,
        requested_at=at,
        status="requested",
    )
    db.add(referral)
    db.flush()
    _open(db, referral, owner_id=practitioner_id, cover_id=contact.answers_id, text=question, contact=contact, at=at)
    _record(db, "refer", referral, by=by, at=at)
    return referral


def accept(db: Session, referral: Referral, *, next_step: str, by: Actor, at: datetime) -> None:
    """Take it on. The patient reads who has, and what comes next."""
    _hold(db, referral, "requested")
    _answered(referral, "accepted", by=by, at=at)
    referral.next_step = next_step.strip()
    _close_task(db, referral, Outcome.ACCEPTED, next_step=referral.next_step, by=by, at=at)
    notices.enqueue(db, patient=db.get_one(Patient, referral.patient_id), template="read", at=at)
    _record(db, "accept-referral", referral, by=by, at=at)


def send_back(db: Session, referral: Referral, *, reason: str, contact: Contact, by: Actor, at: datetime) -> Task:
    """Return it with a reason: a task of the one who answers for the patient."""
    if not reason.strip():
        raise MissingReturnReason
    _hold(db, referral, "requested")
    _answered(referral, "rejected", by=by, at=at)
    referral.reason = reason.strip()
    _close_task(db, referral, Outcome.RETURNED, reason=referral.reason, by=by, at=at)
    back = _open(
        db,
        referral,
        owner_id=contact.answers_id,
        cover_id=contact.cover_id,
        text=f"Kom tillbaka: {referral.reason}",
        contact=contact,
        at=at,
    )
    _record(db, "return-referral", referral, by=by, at=at)
    return back


def withdraw(db: Session, referral: Referral, *, reason: str, by: Actor, at: datetime) -> None:
    """Take back what nobody has answered: the receiver has left, perhaps, or it is not needed any more."""
    if not reason.strip():
        raise MissingReturnReason
    _hold(db, referral, "requested")
    _answered(referral, "cancelled", by=by, at=at)
    referral.reason = reason.strip()
    _close_task(db, referral, Outcome.NO_ACTION, reason=referral.reason, by=by, at=at)
    _record(db, "withdraw-referral", referral, by=by, at=at)


def close(db: Session, referral: Referral, *, summary: str, contact: Contact, by: Actor, at: datetime) -> None:
    """End the episode. Reviews that stay open go to the one who answers for the patient, unless in the team anyway."""
    if not summary.strip():
        raise MissingSummary
    _hold(db, referral, "accepted")
    referral.status, referral.summary, referral.completed_at = "completed", summary.strip(), at
    db.flush()
    if not _stays(db, referral, by.practitioner_id, at=at):
        _hand_on_reviews(db, referral, by.practitioner_id, contact)
    _record(db, "close-referral", referral, by=by, at=at)


def _hold(db: Session, referral: Referral, status: str) -> None:
    """Lock the row and read it anew: of two who answer at once the second learns who was first."""
    db.refresh(referral, with_for_update={"of": Referral})
    if referral.status != status:
        raise ReferralAnswered(referral.answered_by.name if referral.answered_by else "")


def _answered(referral: Referral, status: str, *, by: Actor, at: datetime) -> None:
    referral.status, referral.answered_by_id, referral.answered_at = status, by.practitioner_id, at


def _open(
    db: Session,
    referral: Referral,
    *,
    owner_id: UUID | None,
    cover_id: UUID | None,
    text: str,
    contact: Contact,
    at: datetime,
) -> Task:
    return tasks.add(
        db,
        kind=TaskKind.REFERRAL,
        patient_id=referral.patient_id,
        unit_id=referral.unit_id,
        summary=" ".join(text.split()),
        referral_id=referral.id,
        owner_id=owner_id,
        cover_id=cover_id,
        starts_at=at,
        due_at=due_at(TaskKind.REFERRAL, None, at, contact.hours),
        at=at,
    )


def _close_task(
    db: Session,
    referral: Referral,
    outcome: Outcome,
    *,
    next_step: str = "",
    reason: str = "",
    by: Actor,
    at: datetime,
) -> None:
    for task in db.scalars(sa.select(Task).where(Task.referral_id == referral.id, Task.status.in_(OPEN))):
        tasks.complete(db, task, outcome=outcome, next_step=next_step, reason=reason, by=by, at=at)


def _of_profession(db: Session, unit_id: UUID, profession: str, *, at: datetime) -> set[UUID]:
    today = local(at).date()
    return set(
        db.scalars(
            sa.select(Membership.practitioner_id)
            .join(Practitioner, Practitioner.id == Membership.practitioner_id)
            .where(
                Practitioner.profession == profession,
                Membership.unit_id == unit_id,
                Membership.from_on <= today,
                sa.or_(Membership.to_on.is_(None), Membership.to_on >= today),
            )
        )
    )


def _stays(db: Session, referral: Referral, practitioner_id: UUID | None, *, at: datetime) -> bool:
    """Whether the patient is in this person's care by more than this referral."""
    today = local(at).date()
    in_team = sa.select(CareTeamMember.id).where(
        CareTeamMember.patient_id == referral.patient_id,
        CareTeamMember.unit_id == referral.unit_id,
        CareTeamMember.practitioner_id == practitioner_id,
        sa.or_(CareTeamMember.to_on.is_(None), CareTeamMember.to_on >= today),
    )
    another = sa.select(Referral.id).where(
        Referral.patient_id == referral.patient_id,
        Referral.unit_id == referral.unit_id,
        Referral.status == "accepted",
        Referral.answered_by_id == practitioner_id,
    )
    return bool(db.scalar(sa.select(sa.or_(in_team.exists(), another.exists()))))


def _hand_on_reviews(db: Session, referral: Referral, practitioner_id: UUID | None, contact: Contact) -> None:
    reviews = sa.select(Task).join(Goal, Goal.id == Task.goal_id)
    for task in db.scalars(
        reviews.where(
            Goal.plan_id == referral.plan_id,
            Task.kind == TaskKind.REVIEW,
            Task.status.in_(OPEN),
            Task.owner_id == practitioner_id,
        )
    ):
        task.owner_id, task.cover_id = contact.answers_id, contact.cover_id
    db.flush()


def _record(db: Session, action: str, referral: Referral, *, by: Actor, at: datetime) -> None:
    audit.record(
        db,
        action,
        by=by,
        at=at,
        patient_id=referral.patient_id,
        object_type="referral",
        object_id=referral.id,
    )
