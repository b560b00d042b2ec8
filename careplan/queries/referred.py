"""What a referral opens to a rehabilitation professional who is not in the patient's team otherwise, and no more.

Sent to the profession or to the person: the referral itself, with its task. Accepted: the plan with its goals, this
person's own reviews, and the threads that this person takes part in, until the episode ends. Never the answers as
such: the referral's page shows those of its own areas.
"""

from uuid import UUID

import sqlalchemy as sa

from careplan.domain.identity import Actor
from careplan.domain.tasks import TaskKind
from careplan.models import CarePlan, Practitioner, Referral, RehabilitationRevision, Task


def referrals_to(actor: Actor) -> sa.Select[UUID]:
    """Ids of the referrals that wait for this person, or that this person has accepted."""
    waits = sa.and_(
        Referral.status == "requested",
        sa.or_(
            Referral.practitioner_id == actor.practitioner_id,
            sa.and_(Referral.practitioner_id.is_(None), Referral.profession.in_(_profession(actor))),
        ),
    )
    return sa.select(Referral.id).where(Referral.unit_id == actor.unit_id, sa.or_(waits, _accepted_by(actor)))


def patients_of(actor: Actor) -> sa.Select[UUID]:
    """Ids of the patients whom this person has accepted a referral about."""
    return sa.select(Referral.patient_id).where(Referral.unit_id == actor.unit_id, _accepted_by(actor))


def also_visible(model: type, actor: Actor) -> sa.ColumnElement[bool] | None:
    """The condition for the rows of `model` that referrals open; None where they open none."""
    if model is Referral:
        return Referral.id.in_(referrals_to(actor))
    if model is CarePlan:  # wherever the patient has been handed over to, until the episode ends
        return CarePlan.id.in_(
            sa.select(Referral.plan_id).where(Referral.unit_id == actor.unit_id, _accepted_by(actor))
        )
    if model is RehabilitationRevision:
        return sa.and_(model.unit_id == actor.unit_id, model.patient_id.in_(patients_of(actor)))
    if model is Task:
        own_review = sa.and_(
            Task.kind == TaskKind.REVIEW,
            Task.owner_id == actor.practitioner_id,
            Task.patient_id.in_(patients_of(actor)),
        )
        return sa.and_(Task.unit_id == actor.unit_id, sa.or_(Task.referral_id.in_(referrals_to(actor)), own_review))
    return None


def is_for_others(actor: Actor) -> sa.ColumnElement[bool]:
    """That a task on the shared list is a referral which waits for a profession that is not this person's."""
    waits = sa.select(Referral.id).where(
        Referral.id == Task.referral_id,
        Referral.status == "requested",
        Referral.profession.not_in(_profession(actor)),
    )
    return sa.and_(Task.kind == TaskKind.REFERRAL, waits.correlate(Task).exists())


def _accepted_by(actor: Actor) -> sa.ColumnElement[bool]:
    return sa.and_(Referral.status == "accepted", Referral.answered_by_id == actor.practitioner_id)


def _profession(actor: Actor) -> sa.Select[str]:
    return sa.select(Practitioner.profession).where(
        Practitioner.id == actor.practitioner_id, Practitioner.profession != ""
    )
