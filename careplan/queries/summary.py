"""What a printed plan needs: who it is about, whom to ring, the signed version, and what has been agreed since."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from careplan.domain.identity import CLINICAL, Actor, Capacity
from careplan.domain.sharing import GOALS, VISITS
from careplan.domain.team import Contact
from careplan.i18n import force_locale
from careplan.models import Activity, CarePlan, Goal, Patient, PlanRevision
from careplan.queries import access, plan, support, team, trends
from careplan.queries.access import NotVisible
from careplan.queries.trends import Trend


@dataclass(frozen=True, slots=True)
class Visit:
    starts_at: datetime
    title: str
    place: str
    preparation: str


@dataclass(frozen=True, slots=True)
class Happening:
    kind: str
    on: date
    title: str


@dataclass(frozen=True, slots=True)
class Action:
    """What to do for a goal; done by the patient where neither a person nor a profession is named.

    `profession` is the title of who is named, `of_profession` one of content/professions.yaml.
    """

    text: str
    timing: str
    who: str
    profession: str
    of_profession: str = ""
    due_on: date | None = None
    instructions: str = ""


@dataclass(frozen=True, slots=True)
class AgreedGoal:
    text: str
    measure: str
    review_on: date
    agreed_at: datetime
    agreed_with: str
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """One patient's plan at one moment, as far as the reader may print it."""

    plan_id: UUID
    patient_id: UUID
    unit_id: UUID
    patient_name: str
    born_in: int | None
    contact: Contact
    number: int  # of the version; 0 for a template that is nobody's plan
    signed_by: str
    signed_at: datetime
    changed_at: datetime  # the last change of anything that is printed
    content: dict[str, Any]
    visits: tuple[Visit, ...]
    happenings: tuple[Happening, ...]
    goals: tuple[AgreedGoal, ...]
    trends: tuple[Trend, ...]
    marks: tuple[tuple[date, str], ...]  # what stands as dotted lines in the charts
    has_chapters: bool
    uses_paper: bool
    at: datetime
    revision_id: UUID | None = None
    region: str = ""  # the code of the region whose help is offered
    areas: tuple[str, ...] = ()  # where the last assessment found a need


def summary(db: Session, actor: Actor, plan_id: UUID, *, at: datetime, with_help: bool = False) -> Summary:
    """The last signed version. A relative needs the right to print, and the right to what is printed.

    `with_help`: the region and the needed areas, too, by which help is offered."""
    scopes = _scopes(db, actor, at=at)
    revision = _revision(db, actor, plan_id, at=at)
    if revision is None or "documents" not in scopes:
        raise NotVisible("plan", plan_id)
    of, may_read = revision.plan, "plan" in scopes
    parts = access.shared_parts(db, actor, at=at)
    is_shared = {part: parts is None or part in parts for part in (GOALS, VISITS)}
    plan.as_shared(db, actor, revision, at=at)
    person = of.patient.person
    happened = plan.events(db, of.id) if is_shared[VISITS] else []
    booked = plan.appointments(db, [of.id], at=at) if is_shared[VISITS] else []
    goals = _goals(db, of.id) if may_read and is_shared[GOALS] else ()
    curves = _trends(db, actor, revision, at=at) if "answers" in scopes else ()
    help_from = support.support_for(db, actor, of.patient_id, at=at) if with_help else support.Support()
    return Summary(
        plan_id=of.id,
        patient_id=of.patient_id,
        unit_id=of.unit_id,
        patient_name=person.name,
        born_in=person.born_on.year if person.born_on else None,
        contact=team.contact_for(db, of.patient_id, of.unit_id, at=at),
        number=revision.number,
        signed_by=revision.signed_by.name,
        signed_at=revision.signed_at,
        changed_at=max(
            revision.signed_at,
            *(each.recorded_at for each in happened),
            *(each.created_at for each in booked),
            *(goal.agreed_at for goal in goals),
            *(_midnight(reading.on) for trend in curves for reading in trend.readings),
        ),
        content=revision.content,
        visits=tuple(Visit(each.starts_at, each.title, each.place, each.preparation) for each in booked),
        happenings=tuple(Happening(each.kind, each.on, each.title) for each in happened),
        goals=goals,
        trends=curves,
        marks=_marks(happened, revision),
        has_chapters=may_read,
        uses_paper=of.patient.uses_paper,
        at=at,
        revision_id=revision.id,
        region=help_from.region,
        areas=help_from.areas,
    )


def _marks(happened: Sequence[Any], revision: PlanRevision) -> tuple[tuple[date, str], ...]:
    with force_locale(revision.content["lang"]):
        words = [(each.on, trends.event_word(each.kind, each.title)) for each in happened]
    return tuple((on, word) for on, word in words if word)


def _midnight(on: date) -> datetime:
    """Of a day that is known without its hour."""
    return datetime(on.year, on.month, on.day, tzinfo=UTC)


def _scopes(db: Session, actor: Actor, *, at: datetime) -> frozenset[str]:
    if actor.capacity in CLINICAL:
        return frozenset({"plan", "answers", "documents"})
    return access.scopes_of(db, actor, at=at)


def _revision(db: Session, actor: Actor, plan_id: UUID, *, at: datetime) -> PlanRevision | None:
    """To print is a right of its own: a relative may have it without the right to read the plan on the screen."""
    is_theirs = access.visible(CarePlan, actor, at=at)
    if actor.capacity is Capacity.RELATIVE:
        is_theirs = CarePlan.patient_id.in_(access.visible_patients(actor, at=at))
    return db.scalars(
        sa.select(PlanRevision)
        .join(PlanRevision.plan)
        .join(CarePlan.patient)
        .where(CarePlan.id == plan_id, is_theirs)
        .order_by(PlanRevision.number.desc())
        .limit(1)
        .options(contains_eager(PlanRevision.plan).contains_eager(CarePlan.patient).joinedload(Patient.person))
    ).first()


def _trends(db: Session, actor: Actor, revision: PlanRevision, *, at: datetime) -> tuple[Trend, ...]:
    """In the language of the plan, as all of the document."""
    with force_locale(revision.content["lang"]):
        return tuple(trends.trends(db, actor, revision.plan.patient_id, at=at))


def _goals(db: Session, plan_id: UUID) -> tuple[AgreedGoal, ...]:
    """Goals under way, in the order that they were agreed on."""
    rows = db.scalars(
        sa.select(Goal)
        .where(Goal.plan_id == plan_id, Goal.status == "active")
        .order_by(Goal.created_at, Goal.id)
        .options(joinedload(Goal.created_by), selectinload(Goal.activities).joinedload(Activity.responsible))
    )
    return tuple(
        AgreedGoal(
            text=goal.text,
            measure=goal.measure,
            review_on=goal.review_on,
            agreed_at=goal.created_at,
            agreed_with=goal.created_by.name,
            actions=tuple(_action(each) for each in goal.activities),
        )
        for goal in rows
    )


def _action(activity: Activity) -> Action:
    who = activity.responsible
    return Action(
        activity.text,
        activity.timing,
        who.name if who else "",
        who.title if who else "",
        of_profession=activity.profession,
        due_on=activity.due_on,
        instructions=activity.instructions,
    )
