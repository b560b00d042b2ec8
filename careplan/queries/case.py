"""One task with all that the nurse needs to decide: the literal answers, last time, rule, wish and what was told."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from careplan.domain import triage
from careplan.domain.answers import Answers
from careplan.domain.correcting import corrections_in_words
from careplan.domain.identity import Actor, age
from careplan.domain.questionnaire import Questionnaire, text_in
from careplan.domain.summary import wishes_in_words
from careplan.domain.tasks import TaskKind, other_holder
from careplan.domain.triage import Level
from careplan.i18n import local
from careplan.library.unit_rules import with_rules
from careplan.models import (
    Appointment,
    CallNotice,
    CarePlan,
    Flag,
    Goal,
    Patient,
    Person,
    QuestionnaireResponse,
    RuleVersion,
    Task,
    Unit,
)
from careplan.queries.access import visible
from careplan.queries.answers import questionnaire
from careplan.queries.clocks import Left, time_left
from careplan.queries.lines import Line, answer_lines, answers_of, levels_of, score_lines
from careplan.queries.owners import Owner, owner_of
from careplan.queries.pathway import Treatment, treatments_of
from careplan.queries.roster import Colleague, roster


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule that held, said in words, with who owns it and where it comes from."""

    words: str
    level: Level
    owner: str
    source: str
    since: datetime | None = None  # of a rule of the unit's own: when it began to count


@dataclass(frozen=True, slots=True)
class Notice:
    """The call-now page for one question: when it was shown and when the patient said that it was read."""

    short: str
    shown_at: datetime
    acknowledged_at: datetime | None


@dataclass(frozen=True, slots=True)
class Other:
    """Another version of the same answers: when it was sent, its task, and what differs, the older words first."""

    sent_at: datetime
    task_id: UUID | None
    corrections: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """A response as it was sent, beside the one before it."""

    id: UUID
    title: str
    version: str
    recall_period: str
    mode: str
    lang: str
    wording: str  # how that language's wording came about, see Questionnaire.languages
    is_by_relative: bool
    relative_name: str  # empty where it is not known who helped
    respondent: Person | None  # a relative who has answered about themself, where it was not the patient
    keyed_by: str  # who keyed it in, from paper or while talking
    arrived_on: date | None
    sent_at: datetime
    before_at: datetime | None
    replaced: Other | None  # what the patient has corrected, where this is the correction
    corrected: Other | None  # the correction, where this was corrected
    lines: tuple[Line, ...]
    scores: tuple[Line, ...]
    rules: tuple[RuleLine, ...]
    items: tuple[str, ...]
    notices: tuple[Notice, ...]
    wishes: tuple[str, ...]
    wish_items: tuple[str, ...]
    urgency: str | None
    wants_contact: bool
    comment: str

    @property
    def outstanding(self) -> list[Line]:
        return [line for line in self.lines if line.stands_out]

    @property
    def rest(self) -> list[Line]:
        return [line for line in self.lines if not line.stands_out]


@dataclass(frozen=True, slots=True)
class Case:
    task: Task
    patient: Patient
    age: int | None
    treatment: Treatment | None
    plan: CarePlan | None
    owner: Owner
    held_by_id: UUID | None  # a colleague who has it open, since `held_at`
    held_by: str
    cover_name: str
    left: Left
    answered: Answered | None
    goal: Goal | None
    agreed: tuple[Goal, ...]  # the plan's goals that are under way, where answers are to be acted on
    next_visit: date | None
    colleagues: tuple[Colleague, ...]


def case(db: Session, actor: Actor, task: Task, *, at: datetime, lang: str = "sv") -> Case:
    """All about a task that the actor was allowed to fetch."""
    patient = db.scalars(sa.select(Patient).where(Patient.id == task.patient_id)).one()
    unit = db.get_one(Unit, task.list_unit_id)
    colleagues = roster(db, task.list_unit_id, at=at)
    today = local(at).date()
    plan = _plan(db, actor, task.patient_id, at=at)
    owner = colleagues.get(task.owner_id) if task.owner_id else None
    cover = colleagues.get(owner.cover_id) if owner and owner.is_present and owner.cover_id else None
    held_by_id = other_holder(task.held_by_id, task.held_at, me=actor.practitioner_id, at=at)
    return Case(
        task=task,
        patient=patient,
        age=age(patient.person.born_on, today) if patient.person.born_on else None,
        treatment=treatments_of(db, [task.patient_id], task.unit_id, at=at).get(task.patient_id),
        plan=plan,
        owner=owner_of(task.owner_id, actor, colleagues),
        held_by_id=held_by_id,
        held_by=task.held_by.name if held_by_id is not None and task.held_by is not None else "",
        cover_name=cover.name if cover else "",
        left=time_left(unit.opening_hours, at, task.due_at),
        answered=_answered(db, actor, task.response_id, at=at, lang=lang),
        goal=_goal(db, task),
        agreed=_agreed(db, plan) if task.response_id else (),
        next_visit=_next_visit(db, plan, at=at),
        colleagues=tuple(colleagues.values()),
    )


def _answered(db: Session, actor: Actor, response_id: UUID | None, *, at: datetime, lang: str) -> Answered | None:
    if response_id is None:
        return None
    is_visible = visible(QuestionnaireResponse, actor, at=at)
    response = db.scalars(
        sa.select(QuestionnaireResponse)
        .where(QuestionnaireResponse.id == response_id, is_visible)
        .options(joinedload(QuestionnaireResponse.source), joinedload(QuestionnaireResponse.respondent))
    ).one()
    earlier, older, newer = _around(db, response, is_visible)
    flags = db.scalars(sa.select(Flag).where(Flag.response_id == response.id)).all()
    notices = db.scalars(
        sa.select(CallNotice).where(CallNotice.draft_id == response.draft_id).order_by(CallNotice.shown_at)
    ).all()
    q = questionnaire(db, response.content_hash)
    q_before = questionnaire(db, earlier.content_hash) if earlier else None
    levels = levels_of(flags)
    who = response.respondent_id or db.get_one(Patient, response.patient_id).person_id
    is_by_another = response.source_id != who
    own_rules = next((flag.rule_version_id for flag in flags if flag.rule_version_id), None)
    version = db.get_one(RuleVersion, own_rules) if own_rules else None
    rules = {rule.id: rule for rule in with_rules(q, version).rules}
    return Answered(
        id=response.id,
        title=text_in(q.title, lang),
        version=q.version,
        recall_period=text_in(q.recall_period, lang),
        mode=response.mode,
        lang=response.lang,
        wording=q.languages.get(response.lang, ""),
        is_by_relative=response.is_by_relative,
        relative_name=response.source.name if response.mode == "web" and is_by_another else "",
        respondent=response.respondent,
        keyed_by=response.source.name if response.mode in ("paper", "phone") else "",
        arrived_on=response.arrived_on,
        sent_at=response.submitted_at,
        before_at=earlier.about_at if earlier else None,
        replaced=_other(q, older[0], answers_of(older[0]), answers_of(response), older[1], lang) if older else None,
        corrected=_other(q, newer[0], answers_of(response), answers_of(newer[0]), newer[1], lang) if newer else None,
        lines=tuple(answer_lines(q, response, q_before, earlier, levels, _confirmed(db, response), lang)),
        scores=tuple(score_lines(q, response, earlier, levels, lang)),
        rules=tuple(
            RuleLine(
                triage.say(rule, q, lang), rule.level, rule.owner, rule.source, version.decided_at if version else None
            )
            for flag in sorted(flags, key=lambda flag: list(Level).index(flag.level))
            if (rule := rules.get(flag.rule_id))
        ),
        items=tuple(dict.fromkeys(flag.item for flag in sorted(flags, key=lambda flag: list(Level).index(flag.level)))),
        notices=tuple(
            Notice(text_in(q.item(each.link_id).short, lang), each.shown_at, each.acknowledged_at) for each in notices
        ),
        wishes=tuple(wishes_in_words(q, response.wishes, lang)),
        wish_items=tuple(response.wishes),
        urgency=response.urgency,
        wants_contact=response.wants_contact,
        comment=response.comment,
    )


def _confirmed(db: Session, response: QuestionnaireResponse) -> dict[UUID, date]:
    """When the responses were sent whose answers were given again in this one."""
    ids = {row.confirmed_from_id for row in response.answers if row.confirmed_from_id}
    if not ids:
        return {}
    rows = db.execute(
        sa.select(QuestionnaireResponse.id, QuestionnaireResponse.ordered_at()).where(QuestionnaireResponse.id.in_(ids))
    )
    return {row[0]: local(row[1]).date() for row in rows}


def _around(
    db: Session, response: QuestionnaireResponse, is_visible: sa.ColumnElement[bool]
) -> tuple[
    QuestionnaireResponse | None,
    tuple[QuestionnaireResponse, UUID] | None,
    tuple[QuestionnaireResponse, UUID] | None,
]:
    """The answers before these; the version that this one replaced and the one that has replaced it, with their tasks.

    Together with the response itself, so that the answers and scores of all are read at once.
    """
    before = (
        sa.select(QuestionnaireResponse.id)
        .where(
            QuestionnaireResponse.patient_id == response.patient_id,
            QuestionnaireResponse.respondent_id.is_not_distinct_from(response.respondent_id),
            QuestionnaireResponse.questionnaire_id == response.questionnaire_id,
            QuestionnaireResponse.ordered_at() < response.about_at,
            QuestionnaireResponse.is_newest(),
            is_visible,
        )
        .order_by(QuestionnaireResponse.ordered_at().desc())
        .limit(1)
        .correlate(None)
        .scalar_subquery()
    )
    rows = db.execute(
        sa.select(QuestionnaireResponse, Task.id)
        .outerjoin(Task, Task.response_id == QuestionnaireResponse.id)
        .where(
            sa.or_(
                QuestionnaireResponse.id.in_((response.id, response.replaces_id)),
                QuestionnaireResponse.replaces_id == response.id,
                QuestionnaireResponse.id == before,
            ),
            is_visible,
        )
        .options(selectinload(QuestionnaireResponse.answers), selectinload(QuestionnaireResponse.scores))
    ).all()
    earlier = next((row[0] for row in rows if row[0].about_at < response.about_at), None)
    older = next(((row[0], row[1]) for row in rows if row[0].id == response.replaces_id), None)
    newer = next(((row[0], row[1]) for row in rows if row[0].replaces_id == response.id), None)
    return earlier, older, newer


def _other(
    q: Questionnaire,
    version: QuestionnaireResponse,
    before: Answers,
    after: Answers,
    task_id: UUID | None,
    lang: str,
) -> Other:
    return Other(version.submitted_at, task_id, tuple(corrections_in_words(q, before, after, lang)))


def _plan(db: Session, actor: Actor, patient_id: UUID, *, at: datetime) -> CarePlan | None:
    return db.scalars(
        sa.select(CarePlan)
        .where(CarePlan.patient_id == patient_id, CarePlan.status == "active", visible(CarePlan, actor, at=at))
        .order_by(CarePlan.created_at.desc())
        .limit(1)
    ).first()


def _goal(db: Session, task: Task) -> Goal | None:
    if task.kind is not TaskKind.REVIEW or task.goal_id is None:
        return None
    return db.scalars(
        sa.select(Goal)
        .where(Goal.id == task.goal_id)
        .options(selectinload(Goal.activities), joinedload(Goal.created_by))
    ).one()


def _agreed(db: Session, plan: CarePlan | None) -> tuple[Goal, ...]:
    if plan is None:
        return ()
    query = sa.select(Goal).where(Goal.plan_id == plan.id, Goal.status == "active")
    return tuple(db.scalars(query.order_by(Goal.review_on, Goal.id)))


def _next_visit(db: Session, plan: CarePlan | None, *, at: datetime) -> date | None:
    if plan is None:
        return None
    starts_at = db.scalar(
        sa.select(sa.func.min(Appointment.starts_at)).where(
            Appointment.plan_id == plan.id, Appointment.starts_at > at, Appointment.cancelled_at.is_(None)
        )
    )
    return local(starts_at).date() if starts_at else None
