"""Needs: the levels that a nurse sets, the goals that patient and team agree on, and looking back at them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import audit, tasks
from careplan.domain.errors import CareplanError
from careplan.domain.identity import Actor, Capacity
from careplan.domain.needs import AREA_IDS, REASONS, Children, GoalOutcome, Mode, NeedLevel, UnknownArea
from careplan.domain.tasks import Outcome, TaskKind, due_at
from careplan.domain.team import Contact
from careplan.domain.worktime import OpeningHours, opens_next
from careplan.i18n import TIME_ZONE, local
from careplan.models import (
    Activity,
    AreaLevel,
    CarePlan,
    Goal,
    Membership,
    NeedsAssessment,
    Referral,
    Task,
    Unit,
)
from careplan.models.tasks import OPEN

__all__ = [
    "DueInThePast",
    "EmptyGoal",
    "GoalClosed",
    "GoalReviewed",
    "NothingAssessed",
    "PlannedActivity",
    "ReviewInThePast",
    "UnknownArea",
    "UnknownReason",
    "UnknownResponsible",
    "add_activities",
    "assess",
    "is_stored",
    "review",
    "set_goal",
]


class ReviewInThePast(CareplanError):
    """A goal is reviewed on a later day."""

    def __init__(self, on: date) -> None:
        super().__init__(on.isoformat())
        self.on = on


class DueInThePast(CareplanError):
    """What is agreed on is still to be done."""

    def __init__(self, on: date) -> None:
        super().__init__(on.isoformat())
        self.on = on


class NothingAssessed(CareplanError):
    """An assessment without a single level says nothing."""


class UnknownReason(CareplanError):
    """No event of the pathway, and not one's own initiative."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class EmptyGoal(CareplanError):
    """A goal is in words."""


class UnknownResponsible(CareplanError):
    """An activity is done by the patient or by somebody who works at the unit."""

    def __init__(self, practitioner_id: UUID) -> None:
        super().__init__(practitioner_id)
        self.practitioner_id = practitioner_id


class GoalClosed(CareplanError):
    """The goal was closed before."""


class GoalReviewed(CareplanError):
    """The goal has got a new day since the page was opened: somebody, or the same click twice, has looked back."""


@dataclass(frozen=True, slots=True)
class PlannedActivity:
    """What to do, when, and who: somebody named, a profession, else the patient."""

    text: str
    timing: str = ""
    responsible_id: UUID | None = None
    profession: str = ""
    due_on: date | None = None
    is_self_care: bool = False
    exercise_id: str = ""
    instructions: str = ""


def is_stored(db: Session, plan: CarePlan, key: UUID) -> bool:
    """Whether the page with this key was saved before. Holds others who save for the same plan until this ends."""
    db.execute(sa.select(CarePlan.id).where(CarePlan.id == plan.id).with_for_update())
    found = db.scalar(sa.select(NeedsAssessment.plan_id).where(NeedsAssessment.id == key))
    found = found or db.scalar(sa.select(Goal.plan_id).where(Goal.id == key))
    found = found or db.scalar(sa.select(Referral.plan_id).where(Referral.id == key))
    return found is not None


def assess(
    db: Session,
    plan: CarePlan,
    *,
    response_id: UUID | None,
    levels: Mapping[str, NeedLevel],
    notes: Mapping[str, str],
    summary: str,
    reason: str = "",
    mode: Mode | None = None,
    children: Children | None = None,
    children_offered: str = "",
    key: UUID | None = None,
    by: Actor,
    at: datetime,
) -> NeedsAssessment:
    """Store the levels that a person set. Areas without one are left out: not assessed is not the same as no need.

    `key` is the page's own: it becomes the id, so that the same page is stored once.
    """
    for area in {*levels, *notes} - AREA_IDS:
        raise UnknownArea(area)
    if not levels:
        raise NothingAssessed
    if reason and reason not in REASONS:
        raise UnknownReason(reason)
    assessment = NeedsAssessment(
        id=key or uuid4(),
        patient_id=plan.patient_id,
        unit_id=plan.unit_id,
        plan_id=plan.id,
        response_id=response_id,
        assessed_by_id=by.practitioner_id,
        assessed_at=at,
        summary=summary.strip(),
        reason=reason,
        mode=mode.value if mode else "",
        children=children.value if children else "",
        children_offered=children_offered.strip() if children is Children.YES else "",
        levels=[AreaLevel(area=area, level=level, note=notes.get(area, "").strip()) for area, level in levels.items()],
    )
    db.add(assessment)
    db.flush()
    audit.record(
        db,
        "assess-needs",
        by=by,
        at=at,
        patient_id=plan.patient_id,
        object_type="needs-assessment",
        object_id=assessment.id,
    )
    return assessment


def set_goal(
    db: Session,
    plan: CarePlan,
    *,
    text: str,
    measure: str,
    review_on: date,
    activities: Sequence[PlannedActivity],
    contact: Contact,
    assessment_id: UUID | None = None,
    key: UUID | None = None,
    by: Actor,
    at: datetime,
) -> Goal:
    """Store a goal with its activities, and the task to look back at it, which stands in the list from that day."""
    if not text.strip():
        raise EmptyGoal
    _check_review_day(review_on, at)
    _check_activities(db, plan.unit_id, activities, at=at)
    goal = Goal(
        id=key or uuid4(),
        patient_id=plan.patient_id,
        plan_id=plan.id,
        assessment_id=assessment_id,
        text=text.strip(),
        measure=measure.strip(),
        review_on=review_on,
        status="active",
        created_by_id=by.practitioner_id,
        created_at=at,
        activities=[_activity(position, activity) for position, activity in enumerate(activities)],
    )
    db.add(goal)
    db.flush()
    # Who set the goal looks back at it; the nurse who answers for the patient does where a nurse set it.
    is_own = by.capacity is Capacity.REHABILITATION
    _open_review(
        db,
        goal,
        unit_id=plan.unit_id,
        hours=contact.hours,
        owner_id=by.practitioner_id if is_own else contact.answers_id,
        cover_id=contact.answers_id if is_own else contact.cover_id,
        at=at,
    )
    audit.record(db, "set-goal", by=by, at=at, patient_id=plan.patient_id, object_type="goal", object_id=goal.id)
    return goal


def add_activities(
    db: Session, goal: Goal, activities: Sequence[PlannedActivity], *, by: Actor, at: datetime
) -> list[Activity]:
    """More to do for a goal under way. What was picked from the list before is not added once more."""
    db.refresh(goal, with_for_update={"of": Goal})
    if goal.status != "active":
        raise GoalClosed
    unit_id = db.scalars(sa.select(CarePlan.unit_id).where(CarePlan.id == goal.plan_id)).one()
    _check_activities(db, unit_id, activities, at=at)
    there = db.scalars(sa.select(Activity).where(Activity.goal_id == goal.id)).all()
    picked = {each.exercise_id for each in there if each.exercise_id}
    new = [each for each in activities if not each.exercise_id or each.exercise_id not in picked]
    first = max((each.position for each in there), default=-1) + 1
    made = [_activity(position, each) for position, each in enumerate(new, start=first)]
    for each in made:
        each.goal_id = goal.id
    db.add_all(made)
    db.flush()
    db.expire(goal, ["activities"])
    if made:
        audit.record(
            db, "add-activities", by=by, at=at, patient_id=goal.patient_id, object_type="goal", object_id=goal.id
        )
    return made


def review(
    db: Session,
    goal: Goal,
    *,
    outcome: GoalOutcome,
    next_review_on: date | None = None,
    planned_on: date | None = None,
    next_step: str = "",
    by: Actor,
    at: datetime,
) -> None:
    """Look back: how it went, and either a new day to look back or the end of the goal. Closes the review task.

    `planned_on` is the day that the reviewer saw: when it has been moved since, nothing is changed.
    """
    db.refresh(goal, with_for_update={"of": Goal})
    if goal.status != "active":
        raise GoalClosed
    if planned_on is not None and planned_on != goal.review_on:
        raise GoalReviewed
    if next_review_on is not None:
        _check_review_day(next_review_on, at)
    open_review = db.scalar(
        sa.select(Task).where(Task.goal_id == goal.id, Task.kind == TaskKind.REVIEW, Task.status.in_(OPEN))
    )
    if open_review is not None:
        tasks.complete(db, open_review, outcome=Outcome.REVIEWED, next_step="", by=by, at=at)
    goal.outcome = outcome
    goal.next_step = next_step.strip()
    if next_review_on is None:
        goal.status = "completed"
    else:
        goal.review_on = next_review_on
        unit = db.scalars(
            sa.select(Unit).join(CarePlan, CarePlan.unit_id == Unit.id).where(CarePlan.id == goal.plan_id)
        )
        _open_review(
            db,
            goal,
            unit_id=(found := unit.one()).id,
            hours=found.opening_hours,
            owner_id=open_review.owner_id if open_review else by.practitioner_id,
            cover_id=open_review.cover_id if open_review else None,
            at=at,
        )
    db.flush()
    audit.record(db, "review-goal", by=by, at=at, patient_id=goal.patient_id, object_type="goal", object_id=goal.id)


def _open_review(
    db: Session,
    goal: Goal,
    *,
    unit_id: UUID,
    hours: OpeningHours,
    owner_id: UUID | None,
    cover_id: UUID | None,
    at: datetime,
) -> Task:
    starts_at = opens_next(hours, datetime.combine(goal.review_on, time.min, TIME_ZONE))
    return tasks.add(
        db,
        kind=TaskKind.REVIEW,
        patient_id=goal.patient_id,
        unit_id=unit_id,
        summary=goal.text,
        goal_id=goal.id,
        owner_id=owner_id,
        cover_id=cover_id,
        starts_at=starts_at,
        due_at=due_at(TaskKind.REVIEW, None, starts_at, hours),
        at=at,
    )


def _check_review_day(on: date, at: datetime) -> None:
    if on <= local(at).date():
        raise ReviewInThePast(on)


def _activity(position: int, planned: PlannedActivity) -> Activity:
    return Activity(
        position=position,
        text=planned.text.strip(),
        timing=planned.timing.strip(),
        responsible_id=planned.responsible_id,
        profession=planned.profession if planned.responsible_id is None else "",
        due_on=planned.due_on,
        is_self_care=planned.is_self_care,
        exercise_id=planned.exercise_id,
        instructions=planned.instructions,
    )


def _check_activities(db: Session, unit_id: UUID, activities: Sequence[PlannedActivity], *, at: datetime) -> None:
    today = local(at).date()
    for activity in activities:
        if activity.due_on is not None and activity.due_on < today:
            raise DueInThePast(activity.due_on)
    named = {activity.responsible_id for activity in activities if activity.responsible_id is not None}
    if not named:
        return
    present = set(
        db.scalars(
            sa.select(Membership.practitioner_id).where(
                Membership.unit_id == unit_id,
                Membership.practitioner_id.in_(named),
                Membership.from_on <= today,
                sa.or_(Membership.to_on.is_(None), Membership.to_on >= today),
            )
        )
    )
    for missing in named - present:
        raise UnknownResponsible(missing)
