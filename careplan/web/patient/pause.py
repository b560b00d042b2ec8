"""A rest on the way: what is saved, what is left, until when, and that nobody reads it before it is sent."""

from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue

from careplan.actions import audit
from careplan.db import session
from careplan.domain.questionnaire import visible_questions
from careplan.domain.questionnaire.flow import GIVEN
from careplan.queries.team import contact_for
from careplan.web import access
from careplan.web.pages import page
from careplan.web.patient import bp
from careplan.web.patient.filling import NO_MORE, closed_page, filling_of, onward, open_draft, resume


@bp.get("/fragor/<uuid:draft_id>/paus")
def pause(draft_id: UUID) -> ResponseReturnValue:
    """After a sitting, or when somebody can do no more now: to go on, to rest, or to send what there is."""
    db, by, at = session(), access.actor(), access.now()
    draft = open_draft(draft_id)
    asked = draft.request
    closed = closed_page(asked)
    if closed is not None:
        return closed
    filling = filling_of(draft)
    shown = visible_questions(filling.questionnaire, filling.answers)
    saved = [item for item in shown if item.link_id in filling.answers and filling.answers[item.link_id].state in GIVEN]
    behind = request.args.get("vidare")
    following = next((item for item in shown if item.link_id == behind), None) or resume(filling)
    audit.record(db, "read-draft", by=by, at=at, patient_id=asked.patient_id, object_type="draft", object_id=draft_id)
    return page(
        "patient/pause.html",
        saved=len(saved),
        left=len(shown) - len(saved),
        is_stop=request.args.get("orkar") == NO_MORE,
        is_all=following is None,
        onward=onward(filling, following),
        review=url_for("patient.review", draft_id=draft_id),
        closes_at=asked.closes_at,
        contact=contact_for(db, asked.patient_id, asked.unit_id, at=at),
        by_relative=filling.by_relative,
        now=at,
    )
