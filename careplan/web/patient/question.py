"""The page of one question."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import request, url_for
from markupsafe import Markup

from careplan.actions import audit
from careplan.db import session
from careplan.domain.answers import UNANSWERED, Answer, Answers
from careplan.domain.questionnaire import (
    Item,
    Questionnaire,
    in_words,
    preceding,
    progress,
    sent_again,
    text_in,
    visible_items,
)
from careplan.domain.questionnaire.sittings import progress_in_sitting
from careplan.i18n import form_lang, lang, upper_first
from careplan.models import Draft
from careplan.queries import answers as answer_queries
from careplan.queries.earlier import earlier_answer
from careplan.web import access, raw_answers
from careplan.web.answer_words import instruction
from careplan.web.languages import status_in_words
from careplan.web.pages import page
from careplan.web.patient.filling import NO_MORE, Filling, after, came_from, filling_of, onward
from careplan.web.templating import in_page


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


def both(draft: Draft, item: Item, raw: Sequence[str], given: Answer, saved: Answer) -> str:
    """The page again with the answer that came from elsewhere beside the one just chosen: the reader decides."""
    db, by, at = session(), access.actor(), access.now()
    audit.record(
        db, "read-draft", by=by, at=at, patient_id=draft.request.patient_id, object_type="draft", object_id=draft.id
    )
    return question(filling_of(draft), item, raw=raw, seen=saved.mark, rival=rivals(draft, item, given, saved))


def rivals(draft: Draft, item: Item, given: Answer, saved: Answer) -> Rival:
    saved_by = answer_queries.answered_by(session(), draft.id, item.link_id)
    return Rival(
        saved=in_words(item, saved, form_lang()),
        given=in_words(item, given, form_lang()),
        name=saved_by.name if saved_by is not None and saved_by.id != access.actor().person_id else "",
    )


def question(
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
    return page(
        "patient/answer.html",
        **frame(filling, item),
        item=item,
        text=text_in(item.text, form_lang()),
        values=sent_again(saved, lang()) if saved is not None else list(raw),
        seen=seen or request.form.get("seen") or filling.answers.get(item.link_id, UNANSWERED).mark,
        rival=rival,
        earlier=earlier(filling, item),
        error=error,
        is_missing=is_missing,
        hint=with_period(
            filling.questionnaire, text_in(item.hint, form_lang()) if item.hint else in_page(instruction(item))
        ),
    )


def frame(filling: Filling, first: Item, begins_with: Item | None = None) -> dict[str, Any]:
    """What stands around the question, or around the questions of which it is the first: the way back and on.

    `begins_with`: the text that a group begins with, before its first question."""
    form, answers = filling.questionnaire, filling.answers
    before = preceding(form, answers, first.link_id)
    step = progress(form, answers, first.link_id)
    is_from_review = came_from() is not None
    skip = after(filling, first.link_id)
    sitting = None
    if filling.draft.is_short and not is_from_review:
        sitting = progress_in_sitting(form, answers, first.link_id, done=filling.draft.done_before)
    return {
        "form": form,
        "step": sitting or step,
        "sitting": sitting,
        "is_last": is_from_review or skip == onward(filling, None),
        "infos": _infos(form, answers, before, begins_with or first),
        "back": url_for("patient.answer", draft_id=filling.draft.id, link_id=before.link_id) if before else None,
        "request_url": url_for("patient.start", request_id=filling.draft.request_id),
        "to_review": url_for("patient.review", draft_id=filling.draft.id) if is_from_review else None,
        "skip": skip,
        "no_more": NO_MORE,
        "now": access.now(),
        "text_lang": form_lang(),
        "status": status_in_words(form, form_lang()),
        "by_relative": filling.by_relative,
    }


def earlier(filling: Filling, item: Item) -> Offer | None:
    """The earlier answer in words, where nothing is saved yet."""
    if item.link_id in filling.answers:
        return None
    asked = filling.draft.request
    found = earlier_answer(session(), access.actor(), asked, filling.questionnaire, item, at=access.now())
    if found is None:
        return None
    return Offer(
        is_from_last_time=found.kind == "last",
        form=text_in(found.form.title, form_lang()),
        sent_at=found.sent_at,
        words=in_words(item, found.answer, form_lang()),
        values=sent_again(found.answer, lang()) if found.may_confirm else [],
    )


def confirmed_from(filling: Filling, item: Item, given: Answer) -> UUID | None:
    """The response whose answer the reader has just given again with the button for that."""
    if "confirmed" not in request.form or item.link_id in filling.answers:
        return None
    asked = filling.draft.request
    found = earlier_answer(session(), access.actor(), asked, filling.questionnaire, item, at=access.now())
    return found.response_id if found is not None and found.may_confirm and found.answer == given else None


def _infos(form: Questionnaire, answers: Answers, before: Item | None, item: Item) -> list[str]:
    """Texts that stand between the question before and this one."""
    order = visible_items(form, answers, item.link_id)
    start = order.index(before) + 1 if before else 0
    return [text_in(each.text, form_lang()) for each in order[start : order.index(item)]]


def with_period(form: Questionnaire, hint: str) -> str:
    """The time that is asked about, and what is to be done."""
    recall = upper_first(text_in(form.recall_period, form_lang())).rstrip(".")
    return Markup("{}. {}").format(recall, hint).strip() if recall else hint


def raw_answer(item: Item, name: str = "answer") -> list[str]:
    return raw_answers.raw_answer(request.form, item, name)
