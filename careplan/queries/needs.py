"""What a needs assessment rests on, and the goals that patient and team have agreed on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from careplan.domain.answers import UNANSWERED, Answer, AnswerState
from careplan.domain.identity import CLINICAL, Actor
from careplan.domain.needs import AREAS, Domain, NeedLevel
from careplan.domain.questionnaire import figure, in_words, text_in
from careplan.i18n import local
from careplan.models import Activity, CarePlan, Goal, NeedsAssessment, QuestionnaireResponse
from careplan.queries.access import visible
from careplan.queries.answers import questionnaire
from careplan.queries.lines import answers_of

# Enough to hold the last response of every form that a patient is asked.
_RECENT = 30


@dataclass(frozen=True, slots=True)
class Said:
    """One question as it was asked, what was answered, and on which day."""

    link_id: str
    question: str
    words: str
    on: date


@dataclass(frozen=True, slots=True)
class AreaState:
    """One area: what the patient answered about it, and the level that was set last."""

    id: str
    domain: Domain
    answers: tuple[str, ...]
    literal: tuple[Said, ...]
    states: frozenset[AnswerState]
    earlier: NeedLevel | None
    earlier_note: str


@dataclass(frozen=True, slots=True)
class Needs:
    areas: tuple[AreaState, ...]
    answered_at: datetime | None
    response_id: UUID | None
    assessed_at: datetime | None
    assessed_by: str
    children: str  # as it was told last time
    children_offered: str


def needs_of(db: Session, actor: Actor, patient_id: UUID, *, at: datetime, lang: str) -> Needs:
    """The newest answer to each question that belongs to an area, and the newest assessment of this unit."""
    said, literal, states, newest = _said(db, actor, patient_id, at=at, lang=lang)
    last = db.scalars(
        sa.select(NeedsAssessment)
        .where(NeedsAssessment.patient_id == patient_id, visible(NeedsAssessment, actor, at=at))
        .options(selectinload(NeedsAssessment.levels), joinedload(NeedsAssessment.assessed_by))
        .order_by(NeedsAssessment.assessed_at.desc())
        .limit(1)
    ).first()
    levels = {row.area: row for row in last.levels} if last else {}
    return Needs(
        areas=tuple(
            AreaState(
                id=area.id,
                domain=area.domain,
                answers=tuple(said.get(area.id, ())),
                literal=tuple(literal.get(area.id, ())),
                states=frozenset(states.get(area.id, ())),
                earlier=levels[area.id].level if area.id in levels else None,
                earlier_note=levels[area.id].note if area.id in levels else "",
            )
            for area in AREAS
        ),
        answered_at=newest.submitted_at if newest else None,
        response_id=newest.id if newest else None,
        assessed_at=last.assessed_at if last else None,
        assessed_by=last.assessed_by.name if last else "",
        children=last.children if last else "",
        children_offered=last.children_offered if last else "",
    )


def active_plan(db: Session, actor: Actor, patient_id: UUID, *, at: datetime) -> CarePlan | None:
    """The signed plan that goals belong to."""
    return db.scalars(
        sa.select(CarePlan)
        .where(CarePlan.patient_id == patient_id, CarePlan.status == "active", visible(CarePlan, actor, at=at))
        .order_by(CarePlan.created_at.desc())
        .limit(1)
    ).first()


def goals_of(db: Session, actor: Actor, patient_id: UUID, *, at: datetime) -> Sequence[Goal]:
    """All goals of the plans that the actor may see, those under way first, by the day they are looked back at."""
    plans = sa.select(CarePlan.id).where(CarePlan.patient_id == patient_id, visible(CarePlan, actor, at=at))
    if actor.capacity not in CLINICAL:
        plans = plans.where(CarePlan.status != "draft")
    return db.scalars(
        sa.select(Goal)
        .where(Goal.plan_id.in_(plans))
        .options(*_with_people())
        .order_by(sa.case((Goal.status == "active", 0), else_=1), Goal.review_on, Goal.id)
    ).all()


def goals_of_plan(db: Session, plan_id: UUID) -> Sequence[Goal]:
    """Goals under way in a plan that the actor reaches, by the day they are looked back at."""
    return db.scalars(
        sa.select(Goal)
        .where(Goal.plan_id == plan_id, Goal.status == "active")
        .options(*_with_people())
        .order_by(Goal.review_on, Goal.id)
    ).all()


def goal_with_people(db: Session, goal_id: UUID) -> Goal:
    """A goal that the actor was allowed to fetch, with all that its page shows."""
    return db.scalars(
        sa.select(Goal).where(Goal.id == goal_id).options(*_with_people()).execution_options(populate_existing=True)
    ).one()


def _with_people() -> tuple[sa.sql.base.ExecutableOption, ...]:
    return (joinedload(Goal.created_by), selectinload(Goal.activities).joinedload(Activity.responsible))


def _said(
    db: Session, actor: Actor, patient_id: UUID, *, at: datetime, lang: str
) -> tuple[dict[str, list[str]], dict[str, list[Said]], dict[str, set[AnswerState]], QuestionnaireResponse | None]:
    """By area: short answers, each question as it was asked, the states of all its questions; and the newest response
    that says anything of one.
    """
    responses = db.scalars(
        sa.select(QuestionnaireResponse)
        .where(
            QuestionnaireResponse.patient_id == patient_id,
            QuestionnaireResponse.respondent_id.is_(None),
            QuestionnaireResponse.is_newest(),
            visible(QuestionnaireResponse, actor, at=at),
        )
        .options(selectinload(QuestionnaireResponse.answers))
        .order_by(QuestionnaireResponse.ordered_at().desc())
        .limit(_RECENT)
    ).all()
    said: dict[str, list[str]] = {}
    literal: dict[str, list[Said]] = {}
    states: dict[str, set[AnswerState]] = {}
    newest: QuestionnaireResponse | None = None
    forms: set[str] = set()
    asked: set[str] = set()
    for response in responses:
        if response.questionnaire_id in forms:
            continue
        forms.add(response.questionnaire_id)
        q = questionnaire(db, response.content_hash)
        answers = answers_of(response)
        for item in q.questions:
            answer = answers.get(item.link_id, UNANSWERED)
            if item.area is None or item.link_id in asked or answer.state is AnswerState.NOT_SHOWN:
                continue
            asked.add(item.link_id)
            newest = newest or response
            states.setdefault(item.area, set()).add(answer.state)
            in_full = in_words(item, answer, lang)
            on = local(response.about_at).date()
            literal.setdefault(item.area, []).append(Said(item.link_id, text_in(item.text, lang), in_full, on))
            if answer.is_answered:
                words = _figure_or_words(answer, in_full, lang)
                said.setdefault(item.area, []).append(f"{text_in(item.short, lang)} {words}")
    return said, literal, states, newest


def _figure_or_words(answer: Answer, words: str, lang: str) -> str:
    return figure(answer.number, lang) if answer.number is not None else words
