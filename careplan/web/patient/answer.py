"""Answering: the start of a form, one question a screen, and the page that says to ring now."""

from datetime import datetime
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
from careplan.domain.questionnaire.sittings import LONGEST_SITTING, is_order_locked
from careplan.domain.triage import say
from careplan.i18n import form_lang, in_sentence, lang, own_name, show_form_in, speak
from careplan.queries import answers as answer_queries
from careplan.queries.access import get_request_for
from careplan.queries.following import Followed, followed
from careplan.queries.team import contact_for
from careplan.web import access
from careplan.web.answer_words import invalid_in_words, missing_in_words
from careplan.web.languages import status_in_words
from careplan.web.pages import page
from careplan.web.patient import bp
from careplan.web.patient.filling import (
    NO_MORE,
    STOP,
    after,
    by_relative,
    came_from,
    closed_page,
    filling_of,
    is_stopping,
    onward,
    open_draft,
    rest,
    resume,
)
from careplan.web.patient.grouped import grouped, left_here, severe_together
from careplan.web.patient.question import both, confirmed_from, question, raw_answer
from careplan.web.patient.telephone import telephone


@bp.route("/fragor/<uuid:request_id>", methods=["GET", "POST"])
def start(request_id: UUID) -> ResponseReturnValue:
    """Why we ask, who reads it and that it is not read at once; begin, or go on where one left."""
    db, by, at = session(), access.actor(), access.now()
    asked = get_request_for(db, by, request_id, at=at)
    form = answer_queries.asked_form(db, asked)
    wanted = request.values.get("sprak")
    spoken = form.language_for(asked.draft.lang if asked.draft else wanted or lang())
    if asked.draft or wanted:
        speak(spoken)
    else:
        show_form_in(spoken)
    if request.method == "POST":
        is_helped = by.capacity is Capacity.PATIENT and request.form.get("narstaende") == "yes"
        as_before = "som-sist" in request.form and answer_queries.chose_short_sittings(db, asked)
        draft = responses.start(db, asked, lang=spoken, is_helped=is_helped, by=by, at=at)
        responses.pace(db, draft, is_short=as_before or request.form.get("lite") == "yes", by=by, at=at)
        filling = filling_of(draft)
        db.commit()
        return redirect(onward(filling, resume(filling)), 303)
    closed = closed_page(asked)
    if closed is not None:
        return closed
    audit.record(
        db, "read-request", by=by, at=at, patient_id=asked.patient_id, object_type="request", object_id=asked.id
    )
    begun = filling_of(asked.draft) if asked.draft else None
    way, saved = (begun.questionnaire, begun.answers) if begun else (form, {})
    contact = contact_for(db, asked.patient_id, asked.unit_id, at=at)
    shown = visible_questions(form, saved)
    left = resume(begun) if begun else first_unanswered(form, saved)
    return page(
        "patient/start.html",
        asked=asked,
        form=form,
        spoken=spoken,
        status=status_in_words(form, spoken),
        languages=[(each, own_name(each)) for each in form.offered],
        total=len(shown),
        answered=sum(1 for item in shown if item.link_id in saved),
        step=progress(way, saved, left.link_id) if left else None,
        contact=contact,
        telephone=telephone(contact, at=at),
        by_relative=by_relative(asked),
        about=_about(followed(db, by, asked), spoken),
        sitting=LONGEST_SITTING,
        is_short=asked.draft.is_short if asked.draft else answer_queries.chose_short_sittings(db, asked),
        is_in_order=is_order_locked(form),
        rules=[(say(rule, form, spoken), rule) for rule in form.rules],
        rules_lang=spoken if spoken == "en" else "sv",
        may_say_helped=by.capacity is Capacity.PATIENT and asked.draft is None,
        now=at,
    )


def _about(severe: Followed | None, spoken: str) -> tuple[datetime, str] | None:
    """When, and what was answered then: "Andnöd 8 av 10"."""
    if severe is None:
        return None
    form = severe.questionnaire
    words = [
        f"{text_in(form.item(link_id).short, spoken)} {in_sentence(in_words(form.item(link_id), given, spoken))}"
        for link_id, given in severe.answers
    ]
    return severe.about_at, ", ".join(words)


@bp.route("/fragor/<uuid:draft_id>/fraga/<link_id>", methods=["GET", "POST"])
def answer(draft_id: UUID, link_id: str) -> ResponseReturnValue:
    """One question, or those of its group. What is sent is saved; what is left blank is asked about once."""
    db, by, at = session(), access.actor(), access.now()
    draft = open_draft(draft_id)
    closed = closed_page(draft.request)
    if closed is not None:
        return closed, 200 if request.method == "GET" else 409
    filling = filling_of(draft)
    if filling.questionnaire.item(link_id).group is not None:
        return grouped(filling, link_id)
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
    is_stop = request.form.get("orkar") == NO_MORE
    if given is UNANSWERED and item.type is not ItemType.TEXT and not is_stop:
        return question(filling, item, raw=raw, error=missing_in_words(item), is_missing=True), 422
    seen = request.form.get("seen")
    confirmed = confirmed_from(filling, item, given)
    try:
        flag = responses.save_answer(db, filling.questionnaire, draft, link_id, given, seen=seen, by=by, at=at)
        if confirmed is not None:
            responses.confirm(db, draft, link_id, confirmed)
    except responses.AnswerChanged as error:
        return both(draft, item, raw, given, error.saved), 409
    if is_stop:
        responses.pace(db, draft, is_short=True, by=by, at=at)
    filling = filling_of(draft)
    db.commit()
    if flag is not None:
        fran = STOP if is_stop else came_from()
        return redirect(url_for("patient.call_now", draft_id=draft_id, link_id=link_id, fran=fran), 303)
    return redirect(rest(filling) if is_stop else after(filling, link_id), 303)


@bp.route("/fragor/<uuid:draft_id>/fraga/<link_id>/ring", methods=["GET", "POST"])
def call_now(draft_id: UUID, link_id: str) -> ResponseReturnValue:
    """A severe answer: whom to ring now. The reader says that it was read, and goes on."""
    db, by, at = session(), access.actor(), access.now()
    draft = open_draft(draft_id)
    filling = filling_of(draft)
    severe = severe_together(filling, link_id)
    if request.method == "POST":
        for item in severe:
            responses.acknowledge(db, draft, item.link_id, at=at)
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
        if is_stopping():
            return redirect(rest(filling), 303)
        return redirect(left_here(filling, link_id) or after(filling, link_id), 303)
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
    return page(
        "patient/call_now.html",
        severe=[
            (
                in_sentence(text_in(item.short, form_lang())),
                in_words(item, given, form_lang()),
                given.number is not None,
            )
            for item in severe
            if (given := filling.answers.get(item.link_id, UNANSWERED)).is_answered
        ],
        contact=contact,
        telephone=telephone(contact, at=at),
        draft_id=draft_id,
        link_id=link_id,
        fran=STOP if is_stopping() else came_from(),
        now=at,
    )
