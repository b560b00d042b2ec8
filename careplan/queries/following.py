"""What a form is about that asks whether it is still so."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.domain.answers import Answer, restored
from careplan.domain.identity import Actor, Capacity
from careplan.domain.questionnaire import Questionnaire
from careplan.domain.triage import Level
from careplan.models import Flag, QuestionnaireRequest, QuestionnaireResponse, ResponseAnswer
from careplan.queries.answers import questionnaire


@dataclass(frozen=True, slots=True)
class Followed:
    """The severe answers that are asked about again."""

    questionnaire: Questionnaire
    about_at: datetime
    answers: tuple[tuple[str, Answer], ...]  # link id and answer


def followed(db: Session, actor: Actor, asked: QuestionnaireRequest) -> Followed | None:
    """Of a request that the actor may answer; None for others than the one whose answers they were."""
    if asked.follows_id is None:
        return None
    is_patients = asked.respondent_id is None
    if not (actor.capacity is Capacity.PATIENT if is_patients else actor.person_id == asked.respondent_id):
        return None
    rows = db.execute(
        sa.select(
            QuestionnaireResponse.content_hash,
            QuestionnaireResponse.ordered_at().label("about_at"),
            ResponseAnswer.link_id,
            ResponseAnswer.state,
            ResponseAnswer.value,
        )
        .join(Flag, Flag.response_id == QuestionnaireResponse.id)
        .join(
            ResponseAnswer,
            sa.and_(ResponseAnswer.response_id == QuestionnaireResponse.id, ResponseAnswer.link_id == Flag.item),
        )
        .where(
            QuestionnaireResponse.request_id == asked.follows_id,
            QuestionnaireResponse.patient_id == asked.patient_id,
            Flag.level == Level.RED,
        )
        .order_by(ResponseAnswer.position)
    ).all()
    if not rows:
        return None
    return Followed(
        questionnaire(db, rows[0].content_hash),
        rows[0].about_at,
        tuple({row.link_id: restored(row.state, row.value) for row in rows}.items()),
    )
