"""Who wrote of something severe in the days just gone is asked whether it is still so."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import responses
from careplan.demo.forms import JUST_GONE
from careplan.domain.triage import Level
from careplan.library import Library
from careplan.models import Flag, QuestionnaireRequest, QuestionnaireResponse


def tell(db: Session, library: Library, *, at: datetime) -> None:
    """After the stories: these, or the rows that stand for them, hold what was sent and nothing that follows on it."""
    severe = (
        sa.select(QuestionnaireResponse)
        .where(
            QuestionnaireResponse.submitted_at > at - JUST_GONE,
            sa.exists().where(Flag.response_id == QuestionnaireResponse.id, Flag.level == Level.RED),
        )
        .order_by(QuestionnaireResponse.submitted_at, QuestionnaireResponse.id)
    )
    for response in db.scalars(severe).all():
        form = library.questionnaire(response.questionnaire_id)
        again = responses.form_asked_again(library, form)
        if again is not None and form.follow_up is not None:
            asked = db.get_one(QuestionnaireRequest, response.request_id)
            responses.ask_again(db, again, form.follow_up, asked, response.id, is_severe=True, at=response.submitted_at)
