"""Answering: the start of a form, one question a screen, and the page that says to ring now."""

from uuid import UUID

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from careplan.actions import audit, responses
from careplan.db import session
from careplan.domain.answers import UNANSWERED
from careplan.domain.identity import Capacity
from careplan.domain.questionnaire import (
    InvalidAnswer,
    ItemType,
    check_shown,
    first_unanswered,
    in_words,
    parse_answer,
    progress,
    text_in,
    visible_questions,
)
from careplan.i18n import form_lang, in_sentence, lang, own_name, show_form_in, speak
from careplan.queries import answers as answer_queries
from careplan.queries.access import get_request_for
from careplan.queries.team import contact_for
from careplan.web import access
from careplan.web.answer_words import invalid_in_words, missing_in_words
from careplan.web.languages import status_in_words
from careplan.web.pages import page
from careplan.web.patient import bp
from careplan.web.patient.filling import after, by_relative, came_from, closed_page, filling_of, onward, open_draft
from careplan.web.patient.question import both, question, raw_answer
from careplan.web.patient.telephone import telephone


@bp.route("/fragor/<uuid:request_id>", methods=["GET", "POST"])
def start(request_id: UUID) -> ResponseReturnValue:
    """Why we ask, who reads it and that it is not read at once; begin, or go on where one left."""
    db, by, at = session(), access.actor(), access.now()
    asked = get_request_for(db, by, request_id, at=at)
    form = answer_queries.questionnaire(db, asked.content_hash)
    wanted = request.values.get("sprak")
    spoken = form.language_for(asked.draft.lang if asked.draft else wanted or lang())
    if asked.draft or wanted:
        speak(spoken)
    else:
        show_form_in(spoken)
    if request.method == "POST":
        is_helped = by.capacity is Capacity.PATIENT and request.form.get("narstaende") == "yes"
        draft = responses.start(db, asked, lang=spoken, is_helped=is_helped, by=by, at=at)
        filling = filling_of(draft)
        db.commit()
        return redirect(onward(filling, first_unanswered(filling.questionnaire, filling.answers)), 303)
    closed = closed_page(asked)
    if closed is not None:
        return closed
    audit.record(
        db, "read-request", by=by, at=at, patient_id=asked.patient_id, object_type="request", object_id=asked.id
    )
    saved = answer_queries.draft_answers(db, [asked.draft.id])[asked.draft.id] if asked.draft else {}
    contact = contact_for(db, asked.patient_id, asked.unit_id, at=at)
    shown = visible_questions(form, saved)
    left = first_unanswered(form, saved)
    return page(
        "patient/start.html",
        asked=asked,
        form=form,
        spoken=spoken,
        status=status_in_words(form, spoken),
        languages=[(each, own_name(each)) for each in form.offered],
        total=len(shown),
        answered=sum(1 for item in shown if item.link_id in saved),
        step=progress(form, saved, left.link_id) if left else None,
        contact=contact,
        telephone=telephone(contact, at=at),
        by_relative=by_relative(asked),
        may_say_helped=by.capacity is Capacity.PATIENT and asked.draft is None,
        now=at,
    )


@bp.route("/fragor/<uuid:draft_id>/<link_id>", methods=["GET", "POST"])
def answer(draft_id: UUID, link_id: str) -> ResponseReturnValue:
    """One question. What is sent is saved at once; nothing chosen is asked about once, and may be left."""
    db, by, at = session(), access.actor(), access.now()
    draft = open_draft(draft_id)
    closed = closed_page(draft.request)
    if closed is not None:
        return closed, 200 if request.method == "GET" else 409
    filling = filling_of(draft)
    item = check_shown(filling.questionnaire, filling.answers, link_id)
    if request.method == "GET":
        audit.record(
            db, "read-draft", by=by, at=at, patient_id=draft.request.patient_id, object_type="draft", object_id=draft_id
        )
        return question(filling, item, saved=filling.answers.get(link_id, UNANSWERED))
    raw = raw_answer(item)
    try:
        given = parse_answer(item, raw)
    except InvalidAnswer as error:
        return question(filling, item, raw=raw, error=invalid_in_words(item, error)), 422
    if given is UNANSWERED and item.type is not ItemType.TEXT:
        return question(filling, item, raw=raw, error=missing_in_words(item), is_missing=True), 422
    seen = request.form.get("seen")
    try:
        flag = responses.save_answer(db, filling.questionnaire, draft, link_id, given, seen=seen, by=by, at=at)
    except responses.AnswerChanged as error:
        return both(draft, item, raw, given, error.saved), 409
    filling = filling_of(draft)
    db.commit()
    if flag is not None:
        return redirect(url_for("patient.call_now", draft_id=draft_id, link_id=link_id, fran=came_from()), 303)
    return redirect(after(filling, link_id), 303)


@bp.route("/fragor/<uuid:draft_id>/<link_id>/ring", methods=["GET", "POST"])
def call_now(draft_id: UUID, link_id: str) -> ResponseReturnValue:
    """A severe answer: whom to ring now. The reader says that it was read, and goes on."""
    db, by, at = session(), access.actor(), access.now()
    draft = open_draft(draft_id)
    filling = filling_of(draft)
    item = filling.questionnaire.item(link_id)
    if request.method == "POST":
        responses.acknowledge(db, draft, link_id, at=at)
        audit.record(
            db,
            "acknowledge-call-notice",
            by=by,
            at=at,
            patient_id=draft.request.patient_id,
            object_type="draft",
            object_id=draft_id,
        )
        db.commit()
        return redirect(after(filling, link_id), 303)
    contact = contact_for(db, draft.request.patient_id, draft.request.unit_id, at=at)
    audit.record(
        db,
        "read-call-notice",
        by=by,
        at=at,
        patient_id=draft.request.patient_id,
        object_type="draft",
        object_id=draft_id,
    )
    given = filling.answers.get(link_id, UNANSWERED)
    return page(
        "patient/call_now.html",
        said=in_words(item, given, form_lang()) if given.is_answered else "",
        is_number=given.number is not None,
        name=in_sentence(text_in(item.short, form_lang())),
        contact=contact,
        telephone=telephone(contact, at=at),
        draft_id=draft_id,
        link_id=link_id,
        fran=came_from(),
        now=at,
    )
