"""What waits for an answer: the forms that are open, and those that closed with answers in them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.domain.identity import Actor, Capacity
from careplan.domain.questionnaire import Questionnaire, first_unanswered, progress, visible_questions
from careplan.domain.questionnaire.sittings import going_on, shortened
from careplan.models import Draft, DraftAnswer, QuestionnaireRequest, QuestionnaireResponse
from careplan.models.tasks import OPEN
from careplan.queries import access
from careplan.queries.answers import draft_answers, questionnaire

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
    is_known: bool  # the reader has sent this form before, and has read what it is
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class Unsent:
    """A form that closed with answers in it."""

    draft_id: UUID
    questionnaire: Questionnaire
    closed_at: datetime


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
            _sent_before(actor).label("is_known"),
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
                is_known=row.is_known,
                closes_at=row.closes_at,
            )
        )
    return tuple(forms)


def _sent_before(actor: Actor) -> sa.ColumnElement[bool]:
    """Whether the reader has sent the same form about the same person."""
    return sa.exists().where(
        QuestionnaireResponse.patient_id == QuestionnaireRequest.patient_id,
        QuestionnaireResponse.questionnaire_id == QuestionnaireRequest.questionnaire_id,
        QuestionnaireResponse.source_id == actor.person_id,
    )


def unsent_forms(db: Session, actor: Actor, *, at: datetime) -> tuple[Unsent, ...]:
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
