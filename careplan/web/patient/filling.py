"""A form being filled in: what is saved in it, whether it is still open, and the way through it."""

from dataclasses import dataclass
from uuid import UUID

from flask import request, url_for

from careplan.actions import audit, questionnaires, responses
from careplan.db import session
from careplan.domain.answers import Answers
from careplan.domain.identity import Capacity
from careplan.domain.questionnaire import (
    GroupKind,
    Item,
    Questionnaire,
    all_questions,
    first_unanswered,
    following,
    has_any,
    split_key,
    visible_questions,
)
from careplan.domain.questionnaire.sittings import going_on, is_pause_between, next_open, shortened
from careplan.i18n import speak
from careplan.models import Draft, QuestionnaireRequest
from careplan.queries import answers as answer_queries
from careplan.queries.access import get_draft_for
from careplan.web import access
from careplan.web.pages import page

REVIEW = "granska"
# Who can do no more now has pressed a button that says so, and reads whom to ring before the pause.
NO_MORE, STOP = "nej", "paus"


@dataclass(frozen=True, slots=True)
class Filling:
    """A draft that is open, its own version of the form, and what is saved in it."""

    draft: Draft
    questionnaire: Questionnaire
    answers: Answers
    by_relative: str  # whose answers these are, where a relative fills in


def open_draft(draft_id: UUID) -> Draft:
    """The draft. From here on the page is in the language it was begun in, whatever the reader's settings say now."""
    draft = get_draft_for(session(), access.actor(), draft_id, at=access.now())
    speak_as(draft)
    return draft


def speak_as(draft: Draft) -> None:
    form = answer_queries.questionnaire(session(), draft.request.content_hash)
    speak(form.language_for(draft.lang))


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
    if not questionnaires.is_licensed(db, answer_queries.questionnaire(db, asked.content_hash), asked.unit_id):
        raise responses.RequestClosed("not-licensed")
    return None


def filling_of(draft: Draft) -> Filling:
    db = session()
    form = answer_queries.asked_form(db, draft.request)
    return Filling(
        draft=draft,
        questionnaire=shortened(form, draft.done_before) if draft.is_short else form,
        answers=answer_queries.draft_answers(db, [draft.id])[draft.id],
        by_relative=by_relative(draft.request),
    )


def by_relative(asked: QuestionnaireRequest) -> str:
    """The patient's name where a relative answers in their place; empty where anybody answers about themself."""
    is_helping = access.actor().capacity is Capacity.RELATIVE and asked.respondent_id is None
    return asked.patient.person.given_name if is_helping else ""


def came_from() -> str | None:
    return REVIEW if request.args.get("fran") == REVIEW else None


def is_stopping() -> bool:
    return request.args.get("fran") == STOP


def rest(filling: Filling) -> str:
    """The pause of who can do no more now."""
    return url_for("patient.pause", draft_id=filling.draft.id, orkar=NO_MORE)


def after(filling: Filling, link_id: str) -> str:
    """What follows the page of this question: of a group that repeats the list of what is there, if there is any."""
    form, answers = filling.questionnaire, filling.answers
    group = form.group_of(form.item(link_id))
    if group is not None and group.kind is GroupKind.REPEATS and has_any(form, answers, group):
        return url_for("patient.instances", draft_id=filling.draft.id, group_id=group.id, fran=came_from())
    return past(filling, link_id)


def past(filling: Filling, link_id: str) -> str:
    """The next question; back to the review page when one came from there, unless the answer opened a question."""
    if came_from() is None:
        return _forward(filling, link_id)
    form, answers = filling.questionnaire, filling.answers
    order = [item.link_id for item in all_questions(form, answers)]
    here = order.index(link_id if link_id in order else split_key(link_id)[0])
    opened = [
        item
        for item in visible_questions(form, answers)
        if form.openers(item) and item.link_id not in answers and order.index(item.link_id) > here
    ]
    return onward(filling, opened[0] if opened else None)


def resume(filling: Filling) -> Item | None:
    """The question to go on with; None when nothing is left."""
    form, answers, draft = filling.questionnaire, filling.answers, filling.draft
    return going_on(form, answers, done=draft.done_before) if draft.is_short else first_unanswered(form, answers)


def _forward(filling: Filling, link_id: str) -> str:
    """The next question; in short sittings the next that is left, with a pause where a sitting ends."""
    form, answers, draft = filling.questionnaire, filling.answers, filling.draft
    if not draft.is_short:
        return onward(filling, following(form, answers, link_id))
    item = next_open(form, answers, link_id)
    if item is not None and is_pause_between(form, answers, link_id, item.link_id, done=draft.done_before):
        return url_for("patient.pause", draft_id=draft.id, vidare=item.link_id)
    return onward(filling, item)


def onward(filling: Filling, item: Item | None) -> str:
    if item is None:
        return url_for("patient.review", draft_id=filling.draft.id)
    return url_for("patient.answer", draft_id=filling.draft.id, link_id=item.link_id, fran=came_from())
