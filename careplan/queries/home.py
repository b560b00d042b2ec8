"""The first page of a patient, and of a relative: whom to ring, what is next, what to answer, what is new."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.domain.correcting import correctable_until
from careplan.domain.identity import Actor, Capacity
from careplan.domain.now import Now, most_important
from careplan.domain.revision import assembled, entries_in
from careplan.domain.sharing import GOALS, VISITS, shared
from careplan.domain.team import Contact
from careplan.i18n import local
from careplan.models import (
    Appointment,
    CarePlan,
    ContactWish,
    Goal,
    OwnEvent,
    Patient,
    Person,
    PlanRevision,
    Practitioner,
    QuestionnaireRequest,
    QuestionnaireResponse,
    Task,
)
from careplan.models.plans import chapter_texts
from careplan.queries import access
from careplan.queries import news as news_queries
from careplan.queries.answers import Handling, Past, handlings, history
from careplan.queries.news import News
from careplan.queries.team import caring_units, contact_for
from careplan.queries.to_answer import FormToAnswer, Unsent, forms_to_answer, unsent_forms

# How long a wish for contact stands on the first page once it is answered.
WISH_SHOWN = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Reading:
    """The plan as it opens: what is most important where the patient is now, and goals with the next day to look back.

    `lang` is that of the plan's texts.
    """

    plan_id: UUID
    lang: str
    now: Now
    goals: int
    review_on: date | None


@dataclass(frozen=True, slots=True)
class Wish:
    """That the patient has asked for contact, and who has read it."""

    id: UUID
    created_at: datetime
    read_by: str
    is_done: bool


@dataclass(frozen=True, slots=True)
class LastSent:
    response_id: UUID
    submitted_at: datetime
    source: str  # who sent it, where it was not the reader
    handling: Handling | None
    may_correct: bool


@dataclass(frozen=True, slots=True)
class Home:
    """What the reader may see; None and empty where there is nothing, or it is not shared."""

    first_name: str
    patient_name: str
    scopes: frozenset[str]
    contact: Contact | None
    appointment: Appointment | None
    forms: tuple[FormToAnswer, ...]
    unsent: tuple[Unsent, ...]
    last: LastSent | None
    news: tuple[News, ...]
    last_visit: datetime | None
    own: tuple[Past, ...] = ()  # what a relative has sent about themself
    reading: Reading | None = None
    own_day: OwnEvent | None = None  # the next in the patient's own calendar, where it comes before the appointment
    wish: Wish | None = None


def home(db: Session, actor: Actor, *, at: datetime) -> Home:
    """A relative's home shows only what is shared."""
    scopes = access.scopes_of(db, actor, at=at)
    first_name = db.scalars(sa.select(Person.given_name).where(Person.id == actor.person_id)).one()
    if actor.patient_id is None or not scopes:
        return Home(first_name, "", frozenset(), None, None, (), (), None, (), None)
    last_visit = news_queries.last_visit(db, actor)
    forms = forms_to_answer(db, actor, at=at)
    is_own, has_plan = actor.capacity is Capacity.PATIENT, "plan" in scopes
    appointment = next_appointment(db, actor, at=at) if has_plan else None
    return Home(
        first_name=first_name,
        patient_name=actor.name if is_own else _name_of(db, actor.patient_id),
        scopes=scopes,
        contact=contact_of(db, actor.patient_id, at=at) if scopes & {"plan", "help"} or forms else None,
        appointment=appointment,
        forms=forms,
        unsent=unsent_forms(db, actor, at=at),
        last=_last_sent(db, actor, scopes, at=at) if "answers" in scopes else None,
        news=news_queries.news(db, actor, since=last_visit or news_queries.NEVER, scopes=scopes, at=at),
        last_visit=last_visit,
        own=() if is_own else _own(db, actor, at=at),
        reading=_reading(db, actor, actor.patient_id, at=at) if has_plan else None,
        own_day=_own_day(db, actor, before=appointment, at=at) if has_plan else None,
        wish=_wish(db, actor, at=at) if is_own else None,
    )


def _reading(db: Session, actor: Actor, patient_id: UUID, *, at: datetime) -> Reading | None:
    """Of the version signed last in the plan signed last; in columns, since this page is asked for most of all."""
    of_plan = Goal.plan_id == PlanRevision.plan_id, Goal.status == "active"
    row = db.execute(
        sa.select(
            PlanRevision.plan_id,
            PlanRevision.skeleton,
            PlanRevision.facts,
            sa.select(sa.func.count(Goal.id)).where(*of_plan).correlate(PlanRevision).scalar_subquery().label("goals"),
            sa.select(sa.func.min(Goal.review_on))
            .where(*of_plan)
            .correlate(PlanRevision)
            .scalar_subquery()
            .label("review_on"),
        )
        .join(CarePlan, CarePlan.id == PlanRevision.plan_id)
        .where(
            access.visible(CarePlan, actor, at=at),
            CarePlan.patient_id == patient_id,
            CarePlan.status.in_(("active", "completed")),
        )
        .order_by(CarePlan.status, PlanRevision.signed_at.desc(), PlanRevision.number.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    texts = chapter_texts(db, {entry["text"] for entry in entries_in(row.skeleton)})
    content, parts = assembled(row.skeleton, texts, row.facts), access.shared_parts(db, actor, at=at)
    has_goals = parts is None or GOALS in parts
    return Reading(
        plan_id=row.plan_id,
        lang=content["lang"],
        now=most_important(content if parts is None else shared(content, parts)),
        goals=row.goals if has_goals else 0,
        review_on=row.review_on if has_goals else None,
    )


def _own_day(db: Session, actor: Actor, *, before: Appointment | None, at: datetime) -> OwnEvent | None:
    ends = OwnEvent.on <= local(before.starts_at).date() if before else sa.true()
    day = db.scalars(
        sa.select(OwnEvent)
        .where(
            access.visible(OwnEvent, actor, at=at),
            OwnEvent.removed_at.is_(None),
            OwnEvent.on >= local(at).date(),
            sa.or_(OwnEvent.starts_at.is_(None), OwnEvent.starts_at >= at),
            ends,
        )
        .order_by(OwnEvent.on, OwnEvent.starts_at)
        .limit(1)
    ).first()
    if day is None or before is None or day.starts_at is None:
        return day
    return day if day.starts_at < before.starts_at else None


def _wish(db: Session, actor: Actor, *, at: datetime) -> Wish | None:
    """The last one, until some time after somebody has dealt with it."""
    row = db.execute(
        sa.select(
            ContactWish.id,
            ContactWish.created_at,
            (Person.given_name + " " + Person.family_name).label("read_by"),
            Task.read_at,
            Task.completed_at,
        )
        .join(Task, Task.id == ContactWish.task_id)
        .outerjoin(Practitioner, Practitioner.id == Task.read_by_id)
        .outerjoin(Person, Person.id == Practitioner.person_id)
        .where(access.visible(ContactWish, actor, at=at))
        .order_by(ContactWish.created_at.desc())
        .limit(1)
    ).first()
    if row is None or (row.completed_at is not None and row.completed_at < at - WISH_SHOWN):
        return None
    return Wish(row.id, row.created_at, row.read_by if row.read_at else "", is_done=row.completed_at is not None)


def _own(db: Session, actor: Actor, *, at: datetime) -> tuple[Past, ...]:
    if actor.patient_id is None:
        return ()
    return tuple(history(db, actor, actor.patient_id, respondent_id=actor.person_id, at=at))


def _name_of(db: Session, patient_id: UUID) -> str:
    return db.scalars(sa.select(Patient).where(Patient.id == patient_id)).one().person.name


def contact_of(db: Session, patient_id: UUID, *, at: datetime) -> Contact | None:
    """The contact at the unit that named a nurse last."""
    unit_id = db.scalar(caring_units(patient_id, at=at).limit(1))
    return contact_for(db, patient_id, unit_id, at=at) if unit_id else None


def next_appointment(db: Session, actor: Actor, *, at: datetime) -> Appointment | None:
    """From the start of this hour on, in the plans that the actor may see."""
    if not access.may_read_part(db, actor, VISITS, at=at):
        return None
    return db.scalars(
        sa.select(Appointment)
        .join(CarePlan, CarePlan.id == Appointment.plan_id)
        .where(
            access.visible(CarePlan, actor, at=at),
            CarePlan.status == "active",
            Appointment.cancelled_at.is_(None),
            Appointment.starts_at >= at.replace(minute=0, second=0, microsecond=0),
        )
        .order_by(Appointment.starts_at)
        .limit(1)
    ).first()


def _last_sent(db: Session, actor: Actor, scopes: frozenset[str], *, at: datetime) -> LastSent | None:
    about_at, sent = QuestionnaireResponse.ordered_at(), QuestionnaireResponse
    next_opens_at = (
        sa.select(sa.func.min(QuestionnaireRequest.opens_at))
        .where(
            QuestionnaireRequest.patient_id == sent.patient_id,
            QuestionnaireRequest.unit_id == sent.unit_id,
            QuestionnaireRequest.questionnaire_id == sent.questionnaire_id,
            QuestionnaireRequest.respondent_id.is_(None),
            QuestionnaireRequest.corrects_id.is_(None),
            QuestionnaireRequest.opens_at > about_at,
        )
        .correlate(sent)
        .scalar_subquery()
    )
    row = db.execute(
        sa.select(
            QuestionnaireResponse.id,
            QuestionnaireResponse.submitted_at,
            QuestionnaireResponse.source_id,
            (Person.given_name + " " + Person.family_name).label("source"),
            about_at.label("about_at"),
            next_opens_at.label("next_opens_at"),
        )
        .join(Person, Person.id == QuestionnaireResponse.source_id)
        .where(access.visible(QuestionnaireResponse, actor, at=at), QuestionnaireResponse.respondent_id.is_(None))
        .order_by(QuestionnaireResponse.submitted_at.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    source = "" if row.source_id == actor.person_id else row.source
    may_correct = "help" in scopes and at < correctable_until(row.about_at, row.next_opens_at)
    return LastSent(row.id, row.submitted_at, source, handlings(db, [row.id]).get(row.id), may_correct)
