"""An earlier answer to the same question, to be confirmed instead of asked anew."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.domain.answers import Answer, restored
from careplan.domain.identity import Actor
from careplan.domain.questionnaire import Item, Questionnaire
from careplan.domain.triage import red_items
from careplan.models import QuestionnaireRequest, QuestionnaireResponse, ResponseAnswer
from careplan.queries import access
from careplan.queries.answers import questionnaire


@dataclass(frozen=True, slots=True)
class Earlier:
    """`kind`: once (the same question in another form) or last (the same form last time).

    What may raise red is shown and not confirmed with one press: whoever is worse today shall meet the scale, and
    choose on it, not agree with yesterday.
    """

    kind: Literal["once", "last"]
    answer: Answer
    form: Questionnaire
    sent_at: datetime
    may_confirm: bool
    response_id: UUID


def earlier_answer(
    db: Session, actor: Actor, asked: QuestionnaireRequest, form: Questionnaire, item: Item, *, at: datetime
) -> Earlier | None:
    """What the patient has answered to this question before, where the reader may see answers and the form allows it.

    Not in a correction, which has its own answers. The other form first: it is the newer answer.
    """
    if asked.corrects_id is not None or not (item.reuse_days or item.same_as_last):
        return None
    if "answers" not in access.scopes_for(db, actor, asked, at=at):
        return None
    is_red = item.link_id in red_items(form)
    if item.concept is not None and item.reuse_days is not None:
        since = at - timedelta(days=item.reuse_days)
        for response, other in _sent(db, actor, asked, QuestionnaireResponse.ordered_at() > since, at=at):
            same = next((each for each in other.questions if each.concept == item.concept), None)
            if response.questionnaire_id == asked.questionnaire_id or same is None:
                continue
            answer = _answer(db, response, same, item)
            if answer is not None:
                return Earlier("once", answer, other, response.about_at, not is_red, response.id)
    if item.same_as_last and not is_red:
        same_form = QuestionnaireResponse.questionnaire_id == asked.questionnaire_id
        for response, other in _sent(db, actor, asked, same_form, at=at)[:1]:
            same = next((each for each in other.questions if each.link_id == item.link_id), None)
            answer = _answer(db, response, same, item) if same else None
            if answer is not None:
                return Earlier("last", answer, other, response.about_at, True, response.id)
    return None


def _sent(
    db: Session, actor: Actor, asked: QuestionnaireRequest, wanted: sa.ColumnElement[bool], *, at: datetime
) -> list[tuple[QuestionnaireResponse, Questionnaire]]:
    responses = db.scalars(
        sa.select(QuestionnaireResponse)
        .where(
            access.visible(QuestionnaireResponse, actor, at=at),
            QuestionnaireResponse.patient_id == asked.patient_id,
            QuestionnaireResponse.respondent_id.is_not_distinct_from(asked.respondent_id),
            QuestionnaireResponse.is_newest(),
            wanted,
        )
        .order_by(QuestionnaireResponse.ordered_at().desc())
    )
    return [(response, questionnaire(db, response.content_hash)) for response in responses]


def _answer(db: Session, response: QuestionnaireResponse, then: Item, now: Item) -> Answer | None:
    """The answer, where it was answered and says the same on the scale or among the options of today."""
    if any(getattr(then, name) != getattr(now, name) for name in ("type", "scale", "options", "unit", "precision")):
        return None
    row = db.execute(
        sa.select(ResponseAnswer.state, ResponseAnswer.value).where(
            ResponseAnswer.response_id == response.id, ResponseAnswer.link_id == then.link_id
        )
    ).first()
    answer = restored(row.state, row.value) if row else None
    return answer if answer is not None and answer.is_answered else None
