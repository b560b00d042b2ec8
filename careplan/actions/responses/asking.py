"""Forms asked for: by a person, or by the plan's schedule; and closed when their time is over."""

from collections import defaultdict
from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import cast
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import audit, notices
from careplan.actions.questionnaires import check_licensed, is_licensed
from careplan.actions.responses.reminding import may_be_asked
from careplan.domain.errors import CareplanError
from careplan.domain.identity import Actor
from careplan.domain.schedule import DueForm, due_forms
from careplan.i18n import TIME_ZONE, local
from careplan.library import Library
from careplan.library.versions import definition_of
from careplan.models import (
    CarePlan,
    Draft,
    DraftAnswer,
    Patient,
    PlanEvent,
    QuestionnaireRequest,
    Share,
    Transcript,
)

# Two days: one evening at least to finish in, also for who reads their mail once a day. Who is at it needs no word.
CLOSES_SOON = timedelta(days=2)
LEFT = timedelta(hours=6)
OPENS, ENDS = time(6, 0), time(23, 59)


class WrongRespondent(CareplanError):
    """A form about a relative is asked of one with whom the patient shares; any other form of the patient."""


def request(
    db: Session,
    library: Library,
    *,
    patient_id: UUID,
    unit_id: UUID,
    questionnaire_id: str,
    plan_id: UUID | None = None,
    entry_key: str | None = None,
    respondent_id: UUID | None = None,
    opens_at: datetime,
    due_at: datetime,
    closes_at: datetime,
    by: Actor,
    at: datetime,
) -> QuestionnaireRequest:
    """Ask a patient to answer a form, or a relative (`respondent_id`) to answer one about themself.

    Raises LicenceMissing where the unit may not ask, WrongRespondent where this person is not to be asked this.
    """
    questionnaire = library.questionnaire(questionnaire_id)
    if (questionnaire.about == "relative") != (respondent_id is not None):
        raise WrongRespondent
    if respondent_id is not None:
        _check_shares(db, patient_id, respondent_id, at=at)
    check_licensed(db, questionnaire, unit_id)
    asked = QuestionnaireRequest(
        id=uuid4(),
        patient_id=patient_id,
        unit_id=unit_id,
        plan_id=plan_id,
        questionnaire_id=questionnaire_id,
        content_hash=questionnaire.hash,
        entry_key=entry_key,
        respondent_id=respondent_id,
        is_sensitive=questionnaire.is_sensitive,
        status="requested",
        opens_at=opens_at,
        due_at=due_at,
        closes_at=closes_at,
        created_by_id=by.practitioner_id,
        created_at=at,
    )
    db.add(asked)
    db.flush()
    audit.record(
        db,
        "request-questionnaire",
        by=by,
        at=at,
        patient_id=patient_id,
        object_type="request",
        object_id=asked.id,
    )
    return asked


def order_due(db: Session, library: Library, plan: CarePlan, *, by: Actor, at: datetime) -> list[QuestionnaireRequest]:
    """Ask for the forms that the plan's schedule has opened by now; each occurrence once, however often this runs.

    One that the unit has no licence for waits until there is one; the plan goes on without it.
    """
    db.execute(sa.select(CarePlan.id).where(CarePlan.id == plan.id).with_for_update())
    if not db.scalar(sa.select(may_be_asked(at)).where(Patient.id == plan.patient_id)):
        return []
    schedule = definition_of(db, library, plan).schedule
    events = [
        (kind, on)
        for kind, on in db.execute(sa.select(PlanEvent.kind, PlanEvent.on).where(PlanEvent.plan_id == plan.id))
    ]
    asked = set(db.scalars(sa.select(QuestionnaireRequest.entry_key).where(QuestionnaireRequest.plan_id == plan.id)))
    today = local(at).date()
    ordered = [
        _order(db, library, plan, form, by=by, at=at)
        for form in due_forms(schedule, events, upto=today)
        if form.entry_key not in asked
        and form.closes_on >= today
        and is_licensed(db, library.questionnaire(form.questionnaire), plan.unit_id)
    ]
    if ordered:
        notices.enqueue(db, patient=plan.patient, template="form-due", at=at)
    return ordered


@dataclass(frozen=True, slots=True)
class Lacking:
    """Of a page of active plans those with a form to ask for. `last`: where the next page begins; None at the end."""

    plans: tuple[CarePlan, ...]
    last: UUID | None


def lacking(db: Session, library: Library, *, after: UUID, at: datetime, limit: int) -> Lacking:
    """Look through many plans with three statements: on most days nearly all of them have nothing to ask."""
    today = local(at).date()
    plans = db.scalars(
        sa.select(CarePlan)
        .join(Patient, Patient.id == CarePlan.patient_id)
        .where(CarePlan.status == "active", CarePlan.id > after, may_be_asked(at))
        .order_by(CarePlan.id)
        .limit(limit)
    ).all()
    ids = [plan.id for plan in plans]
    events: dict[UUID, list[tuple[str, date]]] = defaultdict(list)
    for plan_id, kind, on in db.execute(
        sa.select(PlanEvent.plan_id, PlanEvent.kind, PlanEvent.on).where(PlanEvent.plan_id.in_(ids))
    ):
        events[plan_id].append((kind, on))
    asked: dict[UUID | None, set[str | None]] = defaultdict(set)
    for owner_id, entry_key in db.execute(
        sa.select(QuestionnaireRequest.plan_id, QuestionnaireRequest.entry_key).where(
            # What has closed is not asked for again, whatever became of it.
            QuestionnaireRequest.plan_id.in_(ids),
            QuestionnaireRequest.closes_at >= at - timedelta(days=1),
        )
    ):
        asked[owner_id].add(entry_key)
    found = tuple(plan for plan in plans if _lacks(db, library, plan, events[plan.id], asked[plan.id], today))
    return Lacking(found, ids[-1] if len(ids) == limit else None)


def _lacks(
    db: Session,
    library: Library,
    plan: CarePlan,
    events: Sequence[tuple[str, date]],
    asked: Container[str | None],
    today: date,
) -> bool:
    try:
        schedule = definition_of(db, library, plan).schedule
    except CareplanError:
        return True  # its template is gone, perhaps: who orders says so
    return any(
        form.entry_key not in asked and form.closes_on >= today for form in due_forms(schedule, events, upto=today)
    )


def expire(db: Session, *, by: Actor, at: datetime) -> int:
    """Close the forms whose time is over; what was saved in them stays readable in the draft.

    Not those on paper that came in time and wait for a second person to read them.
    """
    waiting = sa.select(Transcript.request_id).where(Transcript.status != "sent")
    closed = db.execute(
        sa.update(QuestionnaireRequest)
        .where(
            QuestionnaireRequest.is_open(),
            QuestionnaireRequest.closes_at <= at,
            QuestionnaireRequest.id.not_in(waiting),
        )
        .values(status="failed")
        .returning(QuestionnaireRequest.patient_id),
        execution_options={"synchronize_session": False},
    ).all()
    if closed:
        patients = [row.patient_id for row in closed]
        audit.record(db, "expire-requests", by=by, at=at, patients=patients, object_type="request")
    return len(closed)


def tell_of_expiry(db: Session, *, by: Actor, at: datetime) -> int:
    """Tell once those who have begun a form, and left it, that it closes soon."""
    begun = sa.exists().where(DraftAnswer.draft_id == Draft.id)
    rows = db.execute(
        sa.select(Draft.id, QuestionnaireRequest.patient_id, Patient.person_id, Patient.notify_by)
        .join(QuestionnaireRequest, QuestionnaireRequest.id == Draft.request_id)
        .join(Patient, Patient.id == QuestionnaireRequest.patient_id)
        .where(
            QuestionnaireRequest.is_open(),
            QuestionnaireRequest.closes_at > at,
            QuestionnaireRequest.closes_at <= at + CLOSES_SOON,
            Draft.told_at.is_(None),
            QuestionnaireRequest.respondent_id.is_(None),  # the patient is not told of what relatives write
            Draft.updated_at <= at - LEFT,
            begun,
        )
    ).all()
    if rows:
        db.execute(sa.update(Draft).where(Draft.id.in_([row.id for row in rows])).values(told_at=at))
        for row in {row.patient_id: row for row in rows}.values():
            notices.enqueue(db, patient=cast(notices.Addressee, row), template="form-closing", at=at)
        patients = list({row.patient_id for row in rows})
        audit.record(db, "tell-of-expiry", by=by, at=at, patients=patients, object_type="draft")
    return len(rows)


def _check_shares(db: Session, patient_id: UUID, person_id: UUID, *, at: datetime) -> None:
    shared = sa.select(Share.id).where(
        Share.patient_id == patient_id,
        Share.person_id == person_id,
        Share.from_at <= at,
        sa.or_(Share.to_at.is_(None), Share.to_at > at),
    )
    if db.scalar(shared.limit(1)) is None:
        raise WrongRespondent


def _order(
    db: Session, library: Library, plan: CarePlan, form: DueForm, *, by: Actor, at: datetime
) -> QuestionnaireRequest:
    return request(
        db,
        library,
        patient_id=plan.patient_id,
        unit_id=plan.unit_id,
        questionnaire_id=form.questionnaire,
        plan_id=plan.id,
        entry_key=form.entry_key,
        opens_at=wall(form.opens_on, OPENS),
        due_at=wall(form.due_on, ENDS),
        closes_at=wall(form.closes_on, ENDS),
        by=by,
        at=at,
    )


def wall(on: date, clock: time) -> datetime:
    return datetime.combine(on, clock, TIME_ZONE).astimezone(UTC)
