"""Words to who has not answered, in the nurse's name; and to the nurse, when nobody has."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from careplan.actions import audit, notices, tasks
from careplan.db import UTCDateTime
from careplan.domain.identity import Actor, Capacity
from careplan.domain.reminders import (
    REMINDED_AFTER,
    SEVERE_WITHIN,
    SILENT_AFTER,
    SILENT_AFTER_SEVERE,
    SILENT_ON_PAPER,
    is_quiet,
    is_silence,
    reminders_due,
    silent_at,
)
from careplan.domain.tasks import TaskKind, Urgency
from careplan.domain.team import Contact
from careplan.domain.triage import Level
from careplan.i18n import TIME_ZONE, local
from careplan.models import (
    CarePlan,
    CareTeamMember,
    Flag,
    FormPause,
    Patient,
    Person,
    PlanEvent,
    Practitioner,
    QuestionnaireRequest,
    QuestionnaireResponse,
    Task,
)
from careplan.models.tasks import OPEN

PAGE = 500
# A form that closed unanswered is told of afterwards, too, but not one of long ago.
TOLD_WITHIN = timedelta(days=14)

AFTER_SEVERE = "Har inte svarat efter ett svårt svar"
NO_ANSWER = "Har inte svarat"

ContactOf = Callable[[UUID, UUID], Contact]


def is_pausing(at: datetime) -> sa.ColumnElement[bool]:
    """The patient wants no forms now."""
    return sa.exists().where(
        FormPause.patient_id == Patient.id,
        FormPause.from_at <= at,
        FormPause.until_on >= local(at).date(),
        FormPause.ended_at.is_(None),
    )


def is_admitted(at: datetime) -> sa.ColumnElement[bool]:
    """In hospital by the plan's events: admitted, and not discharged since."""
    today, out = local(at).date(), aliased(PlanEvent)
    return sa.exists().where(
        CarePlan.patient_id == Patient.id,
        PlanEvent.plan_id == CarePlan.id,
        PlanEvent.kind == "admission",
        PlanEvent.on <= today,
        ~sa.exists().where(
            out.plan_id == PlanEvent.plan_id, out.kind == "discharge", out.on >= PlanEvent.on, out.on <= today
        ),
    )


def may_be_asked(at: datetime) -> sa.ColumnElement[bool]:
    """A plan asks nothing in a pause, or after death. In hospital it does: what happens there may be why."""
    return sa.and_(Patient.deceased_on.is_(None), ~is_pausing(at))


def may_be_reminded(at: datetime) -> sa.ColumnElement[bool]:
    """Nobody is reminded in a pause, in hospital or after death."""
    return sa.and_(may_be_asked(at), ~is_admitted(at))


def remind(db: Session, *, by: Actor, at: datetime, limit: int = PAGE) -> int:
    """Remind some of those who are due; how many forms that was. Called until it gives 0.

    One word for each patient, however many forms wait. A run that comes late sends one reminder, not two. What is
    answered on paper is not reminded of: nobody is at a screen.
    """
    if is_quiet(at, TIME_ZONE):
        return 0
    asked = QuestionnaireRequest
    steps = [
        sa.and_(asked.reminded <= number, asked.opens_at <= at - after) for number, after in enumerate(REMINDED_AFTER)
    ]
    rows = db.execute(
        sa.select(
            asked.id,
            asked.opens_at,
            asked.patient_id,
            Patient.person_id,
            Patient.notify_by,
            _nurses_name(at).label("nurse"),
        )
        .join(Patient, Patient.id == asked.patient_id)
        .where(
            asked.is_open(),
            asked.opens_at <= at - REMINDED_AFTER[0],
            asked.closes_at > at,
            asked.corrects_id.is_(None),
            asked.respondent_id.is_(None),
            Patient.uses_paper.is_(False),
            may_be_reminded(at),
            sa.or_(*steps),
        )
        .order_by(asked.opens_at, asked.id)
        .limit(limit)
        .with_for_update(of=asked, skip_locked=True)
    ).all()
    if not rows:
        return 0
    for number in range(1, len(REMINDED_AFTER) + 1):
        due = [row.id for row in rows if reminders_due(row.opens_at, at) == number]
        if due:
            db.execute(sa.update(asked).where(asked.id.in_(due)).values(reminded=number))
    people = {row.patient_id: row for row in rows}
    notices.enqueue_all(
        db,
        [(row.person_id, row.notify_by, row.nurse or "") for row in people.values()],
        template="form-reminder",
        at=at,
    )
    audit.record(db, "remind-of-forms", by=by, at=at, patients=list(people), object_type="request")
    return len(rows)


def tell_of_silence(db: Session, contact_of: ContactOf, *, by: Actor, at: datetime, limit: int = PAGE) -> int:
    """Give the nurse a task for who has not answered; how many forms were looked at. Called until it gives 0.

    One open task for each patient, which names the first form; after a severe answer it comes sooner.
    """
    asked = QuestionnaireRequest
    rows = db.execute(
        sa.select(
            asked.id,
            asked.patient_id,
            asked.unit_id,
            asked.opens_at,
            asked.closes_at,
            Patient.uses_paper,
            _was_severe(at).label("was_severe"),
            _last_sent().label("last_sent_at"),
        )
        .join(Patient, Patient.id == asked.patient_id)
        .where(
            asked.silence_told_at.is_(None),
            asked.corrects_id.is_(None),
            asked.respondent_id.is_(None),
            asked.is_unanswered(),
            asked.opens_at <= at - SILENT_AFTER_SEVERE,
            asked.opens_at > at - SILENT_ON_PAPER - TOLD_WITHIN,
            may_be_reminded(at),
            # Paper that has come waits to be keyed in: that is no silence.
            ~sa.exists().where(Task.request_id == asked.id, Task.kind == TaskKind.PAPER, Task.status.in_(OPEN)),
            # domain.reminders.silent_at, so that only what is due is fetched
            sa.or_(
                sa.and_(Patient.uses_paper, asked.opens_at <= at - SILENT_ON_PAPER),
                sa.and_(~Patient.uses_paper, sa.or_(asked.opens_at <= at - SILENT_AFTER, asked.closes_at <= at)),
                _was_severe(at),
            ),
        )
        .order_by(asked.opens_at, asked.id)
        .limit(limit)
        .with_for_update(of=asked, skip_locked=True)
    ).all()
    due = [
        row
        for row in rows
        if silent_at(row.opens_at, row.closes_at, on_paper=row.uses_paper, after_severe=row.was_severe) <= at
    ]
    if not due:
        return 0
    db.execute(sa.update(asked).where(asked.id.in_([row.id for row in due])).values(silence_told_at=at))
    standing = set(
        db.scalars(
            sa.select(Task.patient_id).where(
                Task.kind == TaskKind.SILENCE,
                Task.status.in_(OPEN),
                Task.patient_id.in_({row.patient_id for row in due}),
            )
        )
    )
    for row in due:
        is_one = row.was_severe or is_silence(row.opens_at, row.closes_at, row.last_sent_at)
        if row.patient_id in standing or not is_one:
            continue
        standing.add(row.patient_id)
        tasks.open_task(
            db,
            kind=TaskKind.SILENCE,
            patient_id=row.patient_id,
            unit_id=row.unit_id,
            contact=contact_of(row.patient_id, row.unit_id),
            summary=AFTER_SEVERE if row.was_severe else NO_ANSWER,
            urgency=Urgency.TODAY if row.was_severe else None,
            starts_at=at,
            at=at,
            request_id=row.id,
        )
    audit.record(
        db, "tell-of-silence", by=by, at=at, patients=list({row.patient_id for row in due}), object_type="request"
    )
    return len(due)


def _nurses_name(at: datetime) -> sa.ScalarSelect[str]:
    """The given name of the contact nurse: others may see the screen."""
    today = local(at).date()
    return (
        sa.select(Person.given_name)
        .join(Practitioner, Practitioner.person_id == Person.id)
        .join(CareTeamMember, CareTeamMember.practitioner_id == Practitioner.id)
        .where(
            CareTeamMember.patient_id == QuestionnaireRequest.patient_id,
            CareTeamMember.unit_id == QuestionnaireRequest.unit_id,
            CareTeamMember.role == Capacity.CONTACT_NURSE,
            CareTeamMember.from_on <= today,
            sa.or_(CareTeamMember.to_on.is_(None), CareTeamMember.to_on >= today),
        )
        .order_by(CareTeamMember.from_on.desc())
        .limit(1)
        .correlate(QuestionnaireRequest)
        .scalar_subquery()
    )


def _last_sent() -> sa.ScalarSelect[datetime]:
    """When the patient last sent anything to the unit."""
    return (
        sa.select(sa.func.max(QuestionnaireResponse.submitted_at, type_=UTCDateTime()))
        .where(
            QuestionnaireResponse.patient_id == QuestionnaireRequest.patient_id,
            QuestionnaireResponse.unit_id == QuestionnaireRequest.unit_id,
            QuestionnaireResponse.respondent_id.is_(None),
        )
        .correlate(QuestionnaireRequest)
        .scalar_subquery()
    )


def _was_severe(at: datetime) -> sa.ColumnElement[bool]:
    """Whether something that the patient sent before the form opened, and not long ago, was red."""
    asked = QuestionnaireRequest
    return sa.exists().where(
        QuestionnaireResponse.patient_id == asked.patient_id,
        QuestionnaireResponse.unit_id == asked.unit_id,
        QuestionnaireResponse.respondent_id.is_(None),
        QuestionnaireResponse.submitted_at > at - SEVERE_WITHIN,
        QuestionnaireResponse.submitted_at < asked.opens_at,
        Flag.response_id == QuestionnaireResponse.id,
        Flag.level == Level.RED,
    )
