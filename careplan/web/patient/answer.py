"""Answering: the start of a form, one question a screen, and the page that says to ring now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from careplan.actions import audit, responses
from careplan.db import session
from careplan.domain.answers import UNANSWERED, Answer, Answers, AnswerState
from careplan.domain.identity import Capacity
from careplan.domain.questionnaire import (
    InvalidAnswer,
    Item,
    ItemType,
    Questionnaire,
    check_shown,
    figure,
    first_unanswered,
    following,
    in_words,
    parse_answer,
    preceding,
    progress,
    text_in,
    visible_items,
    visible_questions,
)
from careplan.i18n import lang, upper_first
from careplan.models import Draft, QuestionnaireRequest
from careplan.queries import answers as answer_queries
from careplan.queries.access import get_draft_for, get_request_for
from careplan.queries.earlier import earlier_answer
from careplan.queries.team import contact_for
from careplan.web import access
from careplan.web.pages import page
from careplan.web.patient import bp
from careplan.web.patient.telephone import telephone

REVIEW = "granska"


@dataclass(frozen=True, slots=True)
class Filling:
    """A draft that is open, its own version of the form, and what is saved in it."""

    draft: Draft
    questionnaire: Questionnaire
    answers: Answers
    by_relative: str  # whose answers these are, where a relative fills in


@dataclass(frozen=True, slots=True)
class Offer:
    """An earlier answer, and what the browser sends to give it again; nothing where a value has to be chosen."""

    is_from_last_time: bool
    form: str
    sent_at: datetime
    words: str
    values: list[str]


@dataclass(frozen=True, slots=True)
class Rival:
    """Two answers to one question, in words: what is saved (and by whom, if not the reader), what was chosen."""

    saved: str
    given: str
    name: str


@bp.route("/fragor/<uuid:request_id>", methods=["GET", "POST"])
def start(request_id: UUID) -> ResponseReturnValue:
    """Why we ask, who reads it and that it is not read at once; begin, or go on where one left."""
    db, by, at = session(), access.actor(), access.now()
    asked = get_request_for(db, by, request_id, at=at)
    if request.method == "POST":
        is_helped = by.capacity is Capacity.PATIENT and request.form.get("narstaende") == "yes"
        draft = responses.start(db, asked, lang=lang(), is_helped=is_helped, by=by, at=at)
        filling = _filling(draft)
        db.commit()
        return redirect(_onward(filling, first_unanswered(filling.questionnaire, filling.answers)), 303)
    closed = closed_page(asked)
    if closed is not None:
        return closed
    audit.record(
        db, "read-request", by=by, at=at, patient_id=asked.patient_id, object_type="request", object_id=asked.id
    )
    form = answer_queries.questionnaire(db, asked.content_hash)
    saved = answer_queries.draft_answers(db, [asked.draft.id])[asked.draft.id] if asked.draft else {}
    contact = contact_for(db, asked.patient_id, asked.unit_id, at=at)
    shown = visible_questions(form, saved)
    left = first_unanswered(form, saved)
    return page(
        "patient/start.html",
        asked=asked,
        form=form,
        total=len(shown),
        answered=sum(1 for item in shown if item.link_id in saved),
        step=progress(form, saved, left.link_id) if left else None,
        contact=contact,
        telephone=telephone(contact, at=at),
        by_relative=_by_relative(asked),
        may_say_helped=by.capacity is Capacity.PATIENT and asked.draft is None,
        now=at,
    )


@bp.route("/fragor/<uuid:draft_id>/<link_id>", methods=["GET", "POST"])
def answer(draft_id: UUID, link_id: str) -> ResponseReturnValue:
    """One question. What is sent is saved at once; nothing chosen is asked about once, and may be left."""
    db, by, at = session(), access.actor(), access.now()
    draft = get_draft_for(db, by, draft_id, at=at)
    closed = closed_page(draft.request)
    if closed is not None:
        return closed, 200 if request.method == "GET" else 409
    filling = _filling(draft)
    item = check_shown(filling.questionnaire, filling.answers, link_id)
    if request.method == "GET":
        audit.record(
            db, "read-draft", by=by, at=at, patient_id=draft.request.patient_id, object_type="draft", object_id=draft_id
        )
        return _question(filling, item, saved=filling.answers.get(link_id, UNANSWERED))
    raw = _raw(item)
    try:
        given = parse_answer(item, raw)
    except InvalidAnswer as error:
        return _question(filling, item, raw=raw, error=invalid_in_words(item, error)), 422
    if given is UNANSWERED and item.type is not ItemType.TEXT:
        return _question(filling, item, raw=raw, error=_missing(item), is_missing=True), 422
    seen = request.form.get("seen")
    try:
        flag = responses.save_answer(db, filling.questionnaire, draft, link_id, given, seen=seen, by=by, at=at)
    except responses.AnswerChanged as error:
        return _both(draft, item, raw, given, error.saved), 409
    filling = _filling(draft)
    db.commit()
    if flag is not None:
        return redirect(url_for("patient.call_now", draft_id=draft_id, link_id=link_id, fran=_came_from()), 303)
    return redirect(_after(filling, link_id), 303)


@bp.route("/fragor/<uuid:draft_id>/<link_id>/ring", methods=["GET", "POST"])
def call_now(draft_id: UUID, link_id: str) -> ResponseReturnValue:
    """A severe answer: whom to ring now. The reader says that it was read, and goes on."""
    db, by, at = session(), access.actor(), access.now()
    draft = get_draft_for(db, by, draft_id, at=at)
    filling = _filling(draft)
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
        return redirect(_after(filling, link_id), 303)
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
        said=in_words(item, given, lang()) if given.is_answered else "",
        is_number=given.number is not None,
        name=in_sentence(text_in(item.short, lang())),
        contact=contact,
        telephone=telephone(contact, at=at),
        draft_id=draft_id,
        link_id=link_id,
        fran=_came_from(),
        now=at,
    )


def closed_page(asked: QuestionnaireRequest) -> str | None:
    """The page for a form that was sent already; None where it can be answered, RequestClosed where it is too late."""
    db, by, at = session(), access.actor(), access.now()
    if asked.status == "completed" and asked.draft is not None:
        response_id = answer_queries.response_of(db, asked.draft.id)
        audit.record(
            db, "read-request", by=by, at=at, patient_id=asked.patient_id, object_type="request", object_id=asked.id
        )
        return page("patient/already_sent.html", response_id=response_id, sent=None, is_other=False, now=at)
    if asked.status == "failed" or (asked.status in ("requested", "in-progress") and asked.closes_at <= at):
        raise responses.RequestClosed("expired")
    if asked.status not in ("requested", "in-progress"):
        raise responses.RequestClosed("cancelled")
    if asked.opens_at > at:
        raise responses.RequestClosed("not-open")
    return None


def in_sentence(name: str) -> str:
    """A label within a sentence: "Andnöd" as "andnöd", but "PSA" as it is."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def _filling(draft: Draft) -> Filling:
    db = session()
    return Filling(
        draft=draft,
        questionnaire=answer_queries.questionnaire(db, draft.request.content_hash),
        answers=answer_queries.draft_answers(db, [draft.id])[draft.id],
        by_relative=_by_relative(draft.request),
    )


def _by_relative(asked: QuestionnaireRequest) -> str:
    return asked.patient.person.given_name if access.actor().capacity is Capacity.RELATIVE else ""


def _came_from() -> str | None:
    return REVIEW if request.args.get("fran") == REVIEW else None


def _after(filling: Filling, link_id: str) -> str:
    """The next question; back to the review page when one came from there, unless the answer opened a question."""
    if _came_from() is None:
        return _onward(filling, following(filling.questionnaire, filling.answers, link_id))
    order = [item.link_id for item in filling.questionnaire.items]
    opened = [
        item
        for item in visible_questions(filling.questionnaire, filling.answers)
        if item.show_if is not None
        and item.link_id not in filling.answers
        and order.index(item.link_id) > order.index(link_id)
    ]
    return _onward(filling, opened[0] if opened else None)


def _onward(filling: Filling, item: Item | None) -> str:
    if item is None:
        return url_for("patient.review", draft_id=filling.draft.id)
    return url_for("patient.answer", draft_id=filling.draft.id, link_id=item.link_id, fran=_came_from())


def _both(draft: Draft, item: Item, raw: Sequence[str], given: Answer, saved: Answer) -> str:
    """The page again with the answer that came from elsewhere beside the one just chosen: the reader decides."""
    db, by, at = session(), access.actor(), access.now()
    audit.record(
        db, "read-draft", by=by, at=at, patient_id=draft.request.patient_id, object_type="draft", object_id=draft.id
    )
    saved_by = answer_queries.answered_by(db, draft.id, item.link_id)
    rival = Rival(
        saved=in_words(item, saved, lang()),
        given=in_words(item, given, lang()),
        name=saved_by.name if saved_by is not None and saved_by.id != by.person_id else "",
    )
    return _question(_filling(draft), item, raw=raw, seen=saved.mark, rival=rival)


def _question(
    filling: Filling,
    item: Item,
    *,
    saved: Answer | None = None,
    raw: Sequence[str] = (),
    error: str = "",
    is_missing: bool = False,
    seen: str | None = None,
    rival: Rival | None = None,
) -> str:
    form, answers = filling.questionnaire, filling.answers
    before = preceding(form, answers, item.link_id)
    step = progress(form, answers, item.link_id)
    came_from = _came_from()
    return page(
        "patient/answer.html",
        item=item,
        form=form,
        step=step,
        is_last=step.number == step.total or came_from is not None,
        infos=_infos(form, answers, before, item),
        values=_values(saved) if saved is not None else list(raw),
        seen=seen or request.form.get("seen") or answers.get(item.link_id, UNANSWERED).mark,
        rival=rival,
        earlier=_earlier(filling, item),
        error=error,
        is_missing=is_missing,
        hint=_hint(form, item),
        back=url_for("patient.answer", draft_id=filling.draft.id, link_id=before.link_id) if before else None,
        request_url=url_for("patient.start", request_id=filling.draft.request_id),
        to_review=url_for("patient.review", draft_id=filling.draft.id) if came_from else None,
        skip=_after(filling, item.link_id),
        now=access.now(),
        text_lang=lang() if lang() in form.languages else "sv",
        by_relative=filling.by_relative,
    )


def _earlier(filling: Filling, item: Item) -> Offer | None:
    """The earlier answer in words, where nothing is saved yet."""
    if item.link_id in filling.answers:
        return None
    asked = filling.draft.request
    found = earlier_answer(session(), access.actor(), asked, filling.questionnaire, item, at=access.now())
    if found is None:
        return None
    return Offer(
        is_from_last_time=found.kind == "last",
        form=text_in(found.form.title, lang()),
        sent_at=found.sent_at,
        words=in_words(item, found.answer, lang()),
        values=_values(found.answer) if found.may_confirm else [],
    )


def _infos(form: Questionnaire, answers: Answers, before: Item | None, item: Item) -> list[str]:
    """Texts that stand between the question before and this one."""
    order = visible_items(form, answers)
    start = order.index(before) + 1 if before else 0
    return [text_in(each.text, lang()) for each in order[start : order.index(item)]]


def _hint(form: Questionnaire, item: Item) -> str:
    """The time that the question is about, and what is to be done."""
    recall = upper_first(text_in(form.recall_period, lang())).rstrip(".")
    own = text_in(item.hint, lang()) if item.hint else ""
    if not own and item.type is ItemType.SCALE:
        own = _("Välj det tal som stämmer bäst.")
    if not own and item.type is ItemType.CHOICES:
        own = _("Du kan välja flera.")
    return f"{recall}. {own}".strip() if recall else own


def _values(saved: Answer) -> list[str]:
    """What the controls show for a saved answer."""
    if saved.state is AnswerState.DECLINED:
        return ["declined"]
    if not saved.is_answered:
        return []
    if saved.number is not None:
        return [figure(saved.number, lang())]
    return list(saved.codes)


def _raw(item: Item) -> list[str]:
    """What the browser sent; the three parts of a date as one ISO date."""
    sent = [text.replace("\r\n", "\n") for text in request.form.getlist("answer")]
    if item.type is ItemType.DATE and "declined" not in sent:
        parts = [request.form.get(f"answer-{part}", "").strip() for part in ("year", "month", "day")]
        if any(parts):
            return [f"{parts[0]}-{parts[1]:0>2}-{parts[2]:0>2}"]
    return sent


def _missing(item: Item) -> str:
    if item.type is ItemType.SCALE:
        return _("Välj ett tal, eller Jag vill inte svara.") if item.declinable else _("Välj ett tal.")
    if item.options:
        return _("Välj ett svar, eller Jag vill inte svara.") if item.declinable else _("Välj ett svar.")
    return _("Skriv ett svar, eller välj Jag vill inte svara.") if item.declinable else _("Skriv ett svar.")


def invalid_in_words(item: Item, error: InvalidAnswer) -> str:
    match error.reason:
        case "out-of-range":
            low, high = (item.scale.min, item.scale.max) if item.scale else (item.min, item.max)
            if low is None or high is None:
                return _("Talet är för litet.") if high is None else _("Talet är för stort.")
            return _("Välj ett tal från %(low)s till %(high)s.", low=figure(low, lang()), high=figure(high, lang()))
        case "unknown-option":
            return _("Välj ett av svaren på sidan.")
        case "not-a-number":
            return _("Skriv svaret med siffror.")
        case "not-a-date":
            return _("Skriv ett datum som finns, till exempel 21 9 2026.")
        case "too-long":
            return _("Texten är för lång. Skriv högst 4 000 tecken.")
        case "exclusive":
            return _("Välj antingen det sista svaret eller något av de andra.")
        case "not-declinable":
            return _missing(item)
