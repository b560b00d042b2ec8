"""What a nurse reads before a visit: the gravest answers, what has changed, what the patient wants and asks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.domain.conditions import Direction
from careplan.domain.identity import Actor
from careplan.domain.own import NoteKind
from careplan.domain.questionnaire import text_in
from careplan.domain.summary import wishes_in_words
from careplan.i18n import TIME_ZONE, local
from careplan.library import Library
from careplan.models import (
    ActivityReport,
    Appointment,
    CarePlan,
    CareTeamMember,
    Goal,
    OwnEvent,
    Patient,
    PatientNote,
    Person,
    QuestionnaireResponse,
    Task,
)
from careplan.queries import access, needs, own, trends
from careplan.queries.answers import questionnaire
from careplan.queries.patients import open_tasks
from careplan.queries.trends import Trend

WORST, MOST_CHANGED, MOST_SOON = 3, 5, 30
# Half of the scale's trouble and more stands among the gravest.
GRAVE = 0.5
# What was answered before that says little about today.
RECENT = timedelta(days=42)
# Without a visit before, what is new is what came within this time; not-working is read for as long.
SINCE = timedelta(days=42)


@dataclass(frozen=True, slots=True)
class Said:
    """The newest form that the patient sent: what they wanted."""

    title: str
    sent_at: datetime
    wishes: tuple[str, ...]
    urgency: str | None
    wants_contact: bool
    comment: str


@dataclass(frozen=True, slots=True)
class Preparation:
    """`since` is the visit before this one, where there was one within reach; `news` counts what came after it."""

    visit: Appointment | None
    since: datetime
    had_visit: bool
    answers: int
    said: Said | None
    worst: tuple[Trend, ...]
    changed: tuple[Trend, ...]
    tasks: tuple[Task, ...]
    goals: tuple[Goal, ...]
    reports: Mapping[UUID, Sequence[ActivityReport]]
    questions: tuple[PatientNote, ...]
    answered: tuple[PatientNote, ...]
    notes: tuple[PatientNote, ...]
    own_days: tuple[OwnEvent, ...]


@dataclass(frozen=True, slots=True)
class Soon:
    """A visit of today or tomorrow, and how many questions the patient has written for it."""

    patient_id: UUID
    name: str
    starts_at: datetime
    title: str
    questions: int


def visits_soon(db: Session, actor: Actor, *, at: datetime) -> list[Soon]:
    """Of the patients whom the actor cares for, from the start of this hour until tomorrow night; in one statement."""
    hour, ends = at.replace(minute=0, second=0, microsecond=0), local(at).date() + timedelta(days=2)
    asked = (
        sa.select(sa.func.count())
        .select_from(PatientNote)
        .where(
            PatientNote.patient_id == CarePlan.patient_id,
            PatientNote.unit_id == CarePlan.unit_id,
            PatientNote.kind == NoteKind.QUESTION,
            PatientNote.answered_at.is_(None),
            PatientNote.removed_at.is_(None),
        )
        .scalar_subquery()
    )
    rows = db.execute(
        sa.select(
            CarePlan.patient_id,
            (Person.given_name + " " + Person.family_name).label("name"),
            Appointment.starts_at,
            Appointment.title,
            asked.label("questions"),
        )
        .join(CarePlan, CarePlan.id == Appointment.plan_id)
        .join(Patient, Patient.id == CarePlan.patient_id)
        .join(Person, Person.id == Patient.person_id)
        .where(
            access.visible(CarePlan, actor, at=at),
            Appointment.cancelled_at.is_(None),
            Appointment.starts_at >= hour,
            Appointment.starts_at < datetime.combine(ends, time.min, TIME_ZONE),
            CarePlan.patient_id.in_(
                sa.select(CareTeamMember.patient_id).where(CareTeamMember.practitioner_id == actor.practitioner_id)
            ),
        )
        .order_by(Appointment.starts_at)
        .limit(MOST_SOON)
    )
    return [Soon(*row) for row in rows]


def preparation(
    db: Session, actor: Actor, library: Library, patient_id: UUID, *, at: datetime, lang: str
) -> Preparation:
    """For a patient whom the actor was allowed to fetch."""
    coming, before = _visits(db, actor, patient_id, at=at)
    since = max(before.starts_at, at - 4 * SINCE) if before else at - SINCE
    drawn = trends.trends(db, actor, patient_id, at=at, library=library)
    latest = [trend for trend in drawn if trend.last_answered_on >= local(at - RECENT).date()]
    worst = sorted((trend for trend in latest if _trouble(trend) >= GRAVE), key=_trouble, reverse=True)[:WORST]
    changed = [trend for trend in latest if trend.direction in ("up", "down") and trend not in worst][:MOST_CHANGED]
    goals = [goal for goal in needs.goals_of(db, actor, patient_id, at=at) if goal.status == "active"]
    notes = own.notes_of(db, actor, patient_id, at=at)
    questions = [note for note in notes if note.kind is NoteKind.QUESTION]
    return Preparation(
        visit=coming,
        since=since,
        had_visit=before is not None,
        answers=_answers_since(db, actor, patient_id, since, at=at),
        said=_said(db, actor, patient_id, at=at, lang=lang),
        worst=tuple(worst),
        changed=tuple(changed),
        tasks=tuple(open_tasks(db, actor, patient_id, at=at)),
        goals=tuple(goals),
        reports=own.reports_of(db, [goal.id for goal in goals]),
        questions=tuple(reversed([each for each in questions if each.answered_at is None])),
        answered=tuple(each for each in questions if each.answered_at is not None and each.answered_at > since),
        notes=tuple(note for note in notes if note.kind is NoteKind.NOTE),
        own_days=tuple(_own_days(db, actor, patient_id, at=at)),
    )


def _trouble(trend: Trend) -> float:
    """How far the newest answer stands from the good end of its scale, from 0 to 1."""
    _on, value = max((point for point in trend.points if point[1] is not None), key=lambda point: point[0])
    if value is None or trend.maximum == trend.minimum:
        return 0.0
    share = (value - trend.minimum) / (trend.maximum - trend.minimum)
    return 1 - share if trend.higher_means is Direction.BETTER else share


def _visits(
    db: Session, actor: Actor, patient_id: UUID, *, at: datetime
) -> tuple[Appointment | None, Appointment | None]:
    """The next from the start of this hour on, and the one before it."""
    hour = at.replace(minute=0, second=0, microsecond=0)
    visits = (
        sa.select(Appointment)
        .join(CarePlan, CarePlan.id == Appointment.plan_id)
        .where(
            access.visible(CarePlan, actor, at=at),
            CarePlan.patient_id == patient_id,
            Appointment.cancelled_at.is_(None),
        )
        .limit(1)
    )
    coming = db.scalars(visits.where(Appointment.starts_at >= hour).order_by(Appointment.starts_at)).first()
    before = db.scalars(visits.where(Appointment.starts_at < hour).order_by(Appointment.starts_at.desc())).first()
    return coming, before


def _said(db: Session, actor: Actor, patient_id: UUID, *, at: datetime, lang: str) -> Said | None:
    last = db.scalars(
        _responses(actor, patient_id, at=at)
        .where(QuestionnaireResponse.submitted_at > at - 2 * RECENT)
        .order_by(QuestionnaireResponse.submitted_at.desc())
        .limit(1)
    ).first()
    if last is None:
        return None
    form = questionnaire(db, last.content_hash)
    return Said(
        title=text_in(form.title, lang),
        sent_at=last.submitted_at,
        wishes=tuple(wishes_in_words(form, last.wishes, lang)),
        urgency=last.urgency,
        wants_contact=last.wants_contact,
        comment=last.comment,
    )


def _answers_since(db: Session, actor: Actor, patient_id: UUID, since: datetime, *, at: datetime) -> int:
    found = _responses(actor, patient_id, at=at).where(QuestionnaireResponse.submitted_at > since).subquery()
    return db.scalar(sa.select(sa.func.count()).select_from(found)) or 0


def _responses(actor: Actor, patient_id: UUID, *, at: datetime) -> sa.Select[tuple[QuestionnaireResponse]]:
    return sa.select(QuestionnaireResponse).where(
        access.visible(QuestionnaireResponse, actor, at=at),
        QuestionnaireResponse.patient_id == patient_id,
        QuestionnaireResponse.respondent_id.is_(None),
        QuestionnaireResponse.is_newest(),
    )


def _own_days(db: Session, actor: Actor, patient_id: UUID, *, at: datetime) -> Sequence[OwnEvent]:
    return db.scalars(
        sa.select(OwnEvent)
        .where(
            access.visible(OwnEvent, actor, at=at),
            OwnEvent.patient_id == patient_id,
            OwnEvent.removed_at.is_(None),
            OwnEvent.on >= local(at).date() - timedelta(days=14),
        )
        .order_by(OwnEvent.on, OwnEvent.starts_at)
        .limit(10)
    ).all()
