"""The first page of a patient, and of a relative: whom to ring, what is next, what to answer, what is new."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.domain.identity import Actor, Capacity
from careplan.domain.questionnaire import Questionnaire, first_unanswered, progress, visible_questions
from careplan.domain.questionnaire.sittings import going_on, shortened
from careplan.domain.team import Contact
from careplan.models import (
    Account,
    Appointment,
    CarePlan,
    CareTeamMember,
    Draft,
    DraftAnswer,
    Goal,
    LoginSession,
    Patient,
    Person,
    PlanRevision,
    Practitioner,
    QuestionnaireRequest,
    QuestionnaireResponse,
    Task,
)
from careplan.models.tasks import OPEN
from careplan.queries import access
from careplan.queries.answers import Handling, Past, draft_answers, handlings, history, questionnaire
from careplan.queries.team import contact_for

NEVER = datetime(1900, 1, 1, tzinfo=UTC)
MOST_NEWS = 5
UNSENT_SHOWN = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class FormToAnswer:
    """A form that is open. `link_id` is the first question without an answer: None when only the sending is left."""

    request_id: UUID
    draft_id: UUID | None
    questionnaire: Questionnaire
    due_at: datetime
    answered: int
    total: int
    number: int
    minutes: int
    link_id: str | None
    is_correction: bool
    is_short: bool
    is_about_reader: bool  # not help with the patient's answers
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class Unsent:
    """A form that closed with answers in it."""

    draft_id: UUID
    questionnaire: Questionnaire
    closed_at: datetime


@dataclass(frozen=True, slots=True)
class LastSent:
    response_id: UUID
    submitted_at: datetime
    source: str  # who sent it, where it was not the reader
    handling: Handling | None


@dataclass(frozen=True, slots=True)
class News:
    """`kind`: plan (first signed), change (signed anew), goal, or read (answers were read)."""

    kind: Literal["plan", "change", "goal", "read"]
    at: datetime
    by: str
    text: str
    object_id: UUID


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


def home(db: Session, actor: Actor, *, at: datetime) -> Home:
    """A relative's home shows only what is shared."""
    scopes = access.scopes_of(db, actor, at=at)
    first_name = db.scalars(sa.select(Person.given_name).where(Person.id == actor.person_id)).one()
    if actor.patient_id is None or not scopes:
        return Home(first_name, "", frozenset(), None, None, (), (), None, (), None)
    last_visit = _last_visit(db, actor)
    forms = forms_to_answer(db, actor, at=at)
    return Home(
        first_name=first_name,
        patient_name=actor.name if actor.capacity is Capacity.PATIENT else _name_of(db, actor.patient_id),
        scopes=scopes,
        contact=_contact(db, actor.patient_id, at=at) if scopes & {"plan", "help"} or forms else None,
        appointment=next_appointment(db, actor, at=at) if "plan" in scopes else None,
        forms=forms,
        unsent=_unsent(db, actor, at=at),
        last=_last_sent(db, actor, at=at) if "answers" in scopes else None,
        news=_news(db, actor, since=last_visit or NEVER, scopes=scopes, at=at),
        last_visit=last_visit,
        own=_own(db, actor, at=at) if actor.capacity is Capacity.RELATIVE else (),
    )


def _own(db: Session, actor: Actor, *, at: datetime) -> tuple[Past, ...]:
    if actor.patient_id is None:
        return ()
    return tuple(history(db, actor, actor.patient_id, respondent_id=actor.person_id, at=at))


def forms_to_answer(db: Session, actor: Actor, *, at: datetime) -> tuple[FormToAnswer, ...]:
    """The open forms, the one due first before; what is only corrected comes last."""
    rows = db.execute(
        sa.select(
            QuestionnaireRequest.id,
            QuestionnaireRequest.content_hash,
            QuestionnaireRequest.due_at,
            QuestionnaireRequest.closes_at,
            QuestionnaireRequest.corrects_id,
            QuestionnaireRequest.respondent_id,
            Draft.id.label("draft_id"),
            Draft.short_after,
        )
        .outerjoin(Draft, Draft.request_id == QuestionnaireRequest.id)
        .where(
            access.visible(QuestionnaireRequest, actor, at=at),
            QuestionnaireRequest.status.in_(OPEN),
            QuestionnaireRequest.opens_at <= at,
            QuestionnaireRequest.closes_at > at,
        )
        .order_by(
            QuestionnaireRequest.corrects_id.is_not(None), QuestionnaireRequest.due_at, QuestionnaireRequest.opens_at
        )
    ).all()
    saved = draft_answers(db, [row.draft_id for row in rows if row.draft_id is not None])
    forms = []
    for row in rows:
        asked, answers = questionnaire(db, row.content_hash), saved.get(row.draft_id, {})
        shown = visible_questions(asked, answers)
        done = frozenset(row.short_after or ())
        is_short = row.short_after is not None
        way = shortened(asked, done) if is_short else asked
        left = going_on(way, answers, done=done) if is_short else first_unanswered(way, answers)
        step = progress(way, answers, left.link_id) if left else None
        forms.append(
            FormToAnswer(
                request_id=row.id,
                draft_id=row.draft_id,
                questionnaire=asked,
                due_at=row.due_at,
                answered=sum(1 for item in shown if item.link_id in answers),
                total=len(shown),
                number=step.number if step else len(shown),
                minutes=step.minutes_left if step else 1,
                link_id=left.link_id if left else None,
                is_correction=row.corrects_id is not None,
                is_short=is_short,
                is_about_reader=actor.capacity is Capacity.PATIENT or row.respondent_id == actor.person_id,
                closes_at=row.closes_at,
            )
        )
    return tuple(forms)


def _unsent(db: Session, actor: Actor, *, at: datetime) -> tuple[Unsent, ...]:
    """Forms that closed lately with answers in them; not corrections, whose answers were sent once."""
    rows = db.execute(
        sa.select(Draft.id, QuestionnaireRequest.content_hash, QuestionnaireRequest.closes_at)
        .join(QuestionnaireRequest, QuestionnaireRequest.id == Draft.request_id)
        .where(
            access.visible(QuestionnaireRequest, actor, at=at),
            QuestionnaireRequest.status.in_((*OPEN, "failed")),
            QuestionnaireRequest.corrects_id.is_(None),
            QuestionnaireRequest.closes_at <= at,
            QuestionnaireRequest.closes_at > at - UNSENT_SHOWN,
            sa.exists().where(DraftAnswer.draft_id == Draft.id),
        )
        .order_by(QuestionnaireRequest.closes_at.desc())
    )
    return tuple(Unsent(row.id, questionnaire(db, row.content_hash), row.closes_at) for row in rows.all())


def _name_of(db: Session, patient_id: UUID) -> str:
    return db.scalars(sa.select(Patient).where(Patient.id == patient_id)).one().person.name


def _last_visit(db: Session, actor: Actor) -> datetime | None:
    """When the reader was last seen before this visit; None at the first."""
    return db.scalar(
        sa.select(LoginSession.last_seen_at)
        .join(Account, Account.id == LoginSession.account_id)
        .where(Account.person_id == actor.person_id)
        .order_by(LoginSession.created_at.desc())
        .offset(1)
        .limit(1)
    )


def _contact(db: Session, patient_id: UUID, *, at: datetime) -> Contact | None:
    """The contact at the unit that named a nurse last."""
    today = at.date()
    unit_id = db.scalar(
        sa.select(CareTeamMember.unit_id)
        .where(
            CareTeamMember.patient_id == patient_id,
            CareTeamMember.from_on <= today,
            sa.or_(CareTeamMember.to_on.is_(None), CareTeamMember.to_on >= today),
        )
        .order_by((CareTeamMember.role == Capacity.CONTACT_NURSE).desc(), CareTeamMember.from_on.desc())
        .limit(1)
    )
    return contact_for(db, patient_id, unit_id, at=at) if unit_id else None


def next_appointment(db: Session, actor: Actor, *, at: datetime) -> Appointment | None:
    """From the start of this hour on, in the plans that the actor may see."""
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


def _last_sent(db: Session, actor: Actor, *, at: datetime) -> LastSent | None:
    row = db.execute(
        sa.select(
            QuestionnaireResponse.id,
            QuestionnaireResponse.submitted_at,
            QuestionnaireResponse.source_id,
            (Person.given_name + " " + Person.family_name).label("source"),
        )
        .join(Person, Person.id == QuestionnaireResponse.source_id)
        .where(access.visible(QuestionnaireResponse, actor, at=at), QuestionnaireResponse.respondent_id.is_(None))
        .order_by(QuestionnaireResponse.submitted_at.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    source = "" if row.source_id == actor.person_id else row.source
    return LastSent(row.id, row.submitted_at, source, handlings(db, [row.id]).get(row.id))


def _news(db: Session, actor: Actor, *, since: datetime, scopes: frozenset[str], at: datetime) -> tuple[News, ...]:
    found: list[News] = []
    if "plan" in scopes:
        found += _changes(db, actor, since=since, at=at)
        found += _goals(db, actor, since=since, at=at)
    if "answers" in scopes or actor.capacity is Capacity.RELATIVE:
        found += _readings(db, actor, since=since, at=at)
    found.sort(key=lambda news: news.at, reverse=True)
    return tuple(found[:MOST_NEWS])


def _changes(db: Session, actor: Actor, *, since: datetime, at: datetime) -> Iterable[News]:
    rows = db.execute(
        sa.select(
            PlanRevision.plan_id,
            PlanRevision.number,
            PlanRevision.signed_at,
            PlanRevision.changes,
            (Person.given_name + " " + Person.family_name).label("signed_by"),
        )
        .join(CarePlan, CarePlan.id == PlanRevision.plan_id)
        .join(Practitioner, Practitioner.id == PlanRevision.signed_by_id)
        .join(Person, Person.id == Practitioner.person_id)
        .where(access.visible(CarePlan, actor, at=at), PlanRevision.signed_at > since)
        .order_by(PlanRevision.signed_at.desc())
        .limit(MOST_NEWS)
    )
    for row in rows:
        kind: Literal["plan", "change"] = "plan" if row.number == 1 else "change"
        yield News(kind, row.signed_at, row.signed_by, ". ".join(row.changes[:2]), row.plan_id)


def _goals(db: Session, actor: Actor, *, since: datetime, at: datetime) -> Iterable[News]:
    rows = db.execute(
        sa.select(Goal.id, Goal.text, Goal.created_at)
        .join(CarePlan, CarePlan.id == Goal.plan_id)
        .where(access.visible(CarePlan, actor, at=at), Goal.created_at > since)
        .order_by(Goal.created_at.desc())
        .limit(MOST_NEWS)
    )
    for row in rows:
        yield News("goal", row.created_at, "", row.text, row.id)


def _readings(db: Session, actor: Actor, *, since: datetime, at: datetime) -> Iterable[News]:
    rows = db.execute(
        sa.select(
            Task.response_id,
            Task.read_at,
            Task.next_step,
            (Person.given_name + " " + Person.family_name).label("read_by"),
        )
        .join(QuestionnaireResponse, QuestionnaireResponse.id == Task.response_id)
        .join(Practitioner, Practitioner.id == Task.read_by_id)
        .join(Person, Person.id == Practitioner.person_id)
        .where(access.visible(QuestionnaireResponse, actor, at=at), Task.read_at > since)
        .order_by(Task.read_at.desc())
        .limit(MOST_NEWS)
    )
    for row in rows:
        yield News("read", row.read_at, row.read_by, row.next_step, row.response_id)
