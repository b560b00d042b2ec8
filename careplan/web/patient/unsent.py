"""What was answered in a form that closed before it was sent."""

from uuid import UUID

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from careplan.actions import audit
from careplan.db import session
from careplan.domain.identity import Capacity
from careplan.domain.questionnaire import in_words, text_in, visible_questions
from careplan.i18n import form_lang
from careplan.queries import answers as answer_queries
from careplan.queries.team import contact_for
from careplan.web import access
from careplan.web.pages import page
from careplan.web.patient import bp
from careplan.web.patient.filling import open_draft


@bp.get("/fragor/<uuid:draft_id>/inte-skickat")
def unsent(draft_id: UUID) -> ResponseReturnValue:
    """The answers of a draft whose time is over, to read and to tell of; an open one goes to its review."""
    db, by, at = session(), access.actor(), access.now()
    draft = open_draft(draft_id)
    asked = draft.request
    if asked.status != "failed" and asked.closes_at > at:
        return redirect(url_for("patient.review", draft_id=draft_id))
    form = answer_queries.questionnaire(db, asked.content_hash)
    saved = answer_queries.draft_answers(db, [draft_id])[draft_id]
    audit.record(db, "read-draft", by=by, at=at, patient_id=asked.patient_id, object_type="draft", object_id=draft_id)
    return page(
        "patient/unsent.html",
        title=text_in(form.title, form_lang()),
        rows=[
            {"key": text_in(item.short, form_lang()), "value": in_words(item, saved[item.link_id], form_lang())}
            for item in visible_questions(form, saved)
            if item.link_id in saved
        ],
        closed_at=asked.closes_at,
        contact=contact_for(db, asked.patient_id, asked.unit_id, at=at),
        is_own=by.capacity is Capacity.PATIENT or asked.respondent_id is not None,
        now=at,
    )
