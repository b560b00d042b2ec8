"""The rehabilitation plan: each save of goals makes a signed version, which the patient approves or wants changed."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from careplan.actions import audit, notices, tasks
from careplan.domain.errors import CareplanError
from careplan.domain.identity import Actor
from careplan.domain.rehabilitation import Reply
from careplan.domain.tasks import TaskKind
from careplan.domain.team import Contact
from careplan.i18n import local
from careplan.models import (
    Activity,
    CarePlan,
    Goal,
    Patient,
    Referral,
    RehabilitationAnswer,
    RehabilitationRevision,
)

# From and until what hour a patient may be told something that is not urgent.
DAYTIME = (8, 20)


class NothingPlanned(CareplanError):
    """A rehabilitation plan without a goal or a summary says nothing."""


class RehabilitationChanged(CareplanError):
    """Somebody signed a version after the page was opened."""


class RevisionReplaced(CareplanError):
    """The patient replied to a version that is not the last one."""


class MissingWish(CareplanError):
    """Who wants a change says which."""


def sign(
    db: Session,
    plan: CarePlan,
    *,
    summary: str | None = None,
    seen: int | None = None,
    by: Actor,
    at: datetime,
) -> RehabilitationRevision:
    """What has been agreed, as the patient reads it from now on. Where nothing has changed, the version that stands.

    `summary` None keeps the words of the last version; `seen` is the last version that the signer has read.
    """
    db.execute(sa.select(CarePlan.id).where(CarePlan.id == plan.id).with_for_update())
    last = newest(db, plan.id)
    number = last.number if last else 0
    content = _content(db, plan.id, summary if summary is not None else (last.content["summary"] if last else ""))
    if last is not None and content == last.content:
        return last
    if seen is not None and seen != number:
        raise RehabilitationChanged
    if not (content["summary"] or content["goals"] or content["closed"] or content["referrals"]):
        raise NothingPlanned
    revision = RehabilitationRevision(
        patient_id=plan.patient_id,
        unit_id=plan.unit_id,
        plan_id=plan.id,
        number=number + 1,
        content=content,
        signed_by_id=by.practitioner_id,
        signed_at=at,
    )
    db.add(revision)
    db.flush()
    notices.enqueue(db, patient=plan.patient, template="plan-signed", at=at)
    audit.record(
        db,
        "sign-rehabilitation",
        by=by,
        at=at,
        patient_id=plan.patient_id,
        object_type="rehabilitation",
        object_id=revision.id,
    )
    return revision


def reply(
    db: Session,
    revision: RehabilitationRevision,
    *,
    answer: Reply,
    text: str = "",
    contact: Contact,
    by: Actor,
    at: datetime,
) -> RehabilitationAnswer:
    """The patient approves the version, or wants a change, which becomes a task. The same said twice is said once."""
    db.execute(sa.select(CarePlan.id).where(CarePlan.id == revision.plan_id).with_for_update())
    last = newest(db, revision.plan_id)
    if last is None or last.id != revision.id:
        raise RevisionReplaced
    said = text.strip()
    if answer is Reply.CHANGE_WANTED and not said:
        raise MissingWish
    before = db.scalar(
        sa.select(RehabilitationAnswer)
        .where(RehabilitationAnswer.revision_id == revision.id)
        .order_by(RehabilitationAnswer.answered_at.desc())
        .limit(1)
    )
    if before is not None and (before.answer, before.text) == (answer, said):
        return before
    given = RehabilitationAnswer(
        revision_id=revision.id, person_id=by.person_id, answer=answer.value, text=said, answered_at=at
    )
    db.add(given)
    db.flush()
    if answer is Reply.CHANGE_WANTED:
        tasks.open_task(
            db,
            kind=TaskKind.CONTACT,
            patient_id=revision.patient_id,
            unit_id=revision.unit_id,
            contact=contact,
            summary=f"Vill ändra rehabiliteringsplanen: {said}",
            starts_at=at,
            at=at,
        )
    audit.record(
        db,
        "reply-rehabilitation",
        by=by,
        at=at,
        patient_id=revision.patient_id,
        object_type="rehabilitation",
        object_id=revision.id,
    )
    return given


def remind_reviews(db: Session, *, by: Actor, at: datetime, limit: int = 500) -> int:
    """Tell patients, once a review, that the day of it is over; staff have it in their list. How many were told of.

    Nobody is told at night. The notice says only that there is something to read.
    """
    now = local(at)
    if not DAYTIME[0] <= now.hour < DAYTIME[1]:
        return 0
    overdue = db.scalars(
        sa.select(Goal)
        .join(CarePlan, CarePlan.id == Goal.plan_id)
        .where(
            Goal.status == "active",
            CarePlan.status == "active",
            Goal.review_on < now.date(),
            sa.or_(Goal.review_told_on.is_(None), Goal.review_told_on != Goal.review_on),
        )
        .order_by(Goal.review_on, Goal.id)
        .limit(limit)
        .with_for_update(of=Goal)
    ).all()
    patients = {
        each.id: each for each in db.scalars(sa.select(Patient).where(Patient.id.in_({g.patient_id for g in overdue})))
    }
    told = set()
    for goal in overdue:
        goal.review_told_on = goal.review_on
        if goal.patient_id not in told:
            notices.enqueue(db, patient=patients[goal.patient_id], template="review-due", at=at)
            told.add(goal.patient_id)
        audit.record(
            db, "remind-review", by=by, at=at, patient_id=goal.patient_id, object_type="goal", object_id=goal.id
        )
    db.flush()
    return len(overdue)


def newest(db: Session, plan_id: UUID) -> RehabilitationRevision | None:
    return db.scalar(
        sa.select(RehabilitationRevision)
        .where(RehabilitationRevision.plan_id == plan_id)
        .order_by(RehabilitationRevision.number.desc())
        .limit(1)
    )


def _content(db: Session, plan_id: UUID, summary: str) -> dict[str, Any]:
    """As `RehabilitationRevision` says: goals under way by their day, those that have ended, what referrals came to."""
    goals = db.scalars(
        sa.select(Goal)
        .where(Goal.plan_id == plan_id)
        .order_by(Goal.created_at, Goal.id)
        .options(selectinload(Goal.activities).joinedload(Activity.responsible))
        .execution_options(populate_existing=True)
    ).all()
    ended = db.scalars(
        sa.select(Referral)
        .where(Referral.plan_id == plan_id, Referral.status == "completed")
        .order_by(Referral.completed_at)
        .options(joinedload(Referral.answered_by))
    )
    return {
        "summary": summary.strip(),
        "goals": [_goal(goal) for goal in goals if goal.status == "active"],
        "closed": [_goal(goal) for goal in goals if goal.status != "active"],
        "referrals": [
            {
                "id": str(each.id),
                "profession": each.profession,
                "who": each.answered_by.name if each.answered_by else "",
                "summary": each.summary,
            }
            for each in ended
        ],
    }


def _goal(goal: Goal) -> dict[str, Any]:
    return {
        "id": str(goal.id),
        "text": goal.text,
        "measure": goal.measure,
        "review_on": goal.review_on.isoformat(),
        "outcome": goal.outcome.value if goal.outcome else None,
        "next_step": goal.next_step,
        "activities": [
            {
                "id": str(each.id),
                "text": each.text,
                "timing": each.timing,
                "who": each.responsible.name if each.responsible else "",
                "title": each.responsible.title if each.responsible else "",
                "profession": each.profession,
                "due_on": each.due_on.isoformat() if each.due_on else None,
                "is_self_care": each.is_self_care,
                "instructions": each.instructions,
            }
            for each in goal.activities
        ],
    }
