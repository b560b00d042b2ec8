"""The page of questions that stand together: saved at once, and each faulty one told of at its place."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from careplan.actions import audit, responses
from careplan.db import session
from careplan.domain.answers import UNANSWERED, Answer, AnswerState
from careplan.domain.questionnaire import (
    Group,
    GroupKind,
    InvalidAnswer,
    Item,
    ItemType,
    has_any,
    in_words,
    instance_count,
    instance_key,
    parse_answer,
    sent_again,
    split_key,
    text_in,
    together,
    visible_items,
)
from careplan.i18n import form_lang, in_sentence, lang
from careplan.queries import answers as answer_queries
from careplan.web import access
from careplan.web.answer_words import instruction, invalid_in_words, missing_in_words
from careplan.web.pages import page
from careplan.web.patient.filling import NO_MORE, STOP, Filling, after, came_from, filling_of, rest
from careplan.web.patient.question import Rival, earlier, frame, raw_answer, rivals, with_period


@dataclass(frozen=True, slots=True)
class Row:
    """One question on the page; `name` is that of its control, and the id of its first part."""

    item: Item
    name: str
    seen_name: str
    seen: str
    values: Sequence[str]
    hint: str
    error: str


class Sent(NamedTuple):
    """What came from the page: as it was sent, what could be read, what is wrong with the rest; the marks it showed."""

    raw: Mapping[str, list[str]]
    given: Mapping[str, Answer]
    invalid: Mapping[str, str]
    seen: Mapping[str, str]


NOTHING_SENT = Sent({}, {}, {}, {})


def control_name(link_id: str) -> str:
    """Not answer-pain: the day of pain's date would have the name of the question pain-day."""
    return f"{link_id}.answer"


def grouped(filling: Filling, link_id: str) -> ResponseReturnValue:
    """The page, or what was sent from it.

    What can be read is saved, also beside what cannot; that stands there again as it was typed. What is left blank is
    asked about once and may be left. A severe answer comes first of all, unless something typed would be lost.
    """
    db, by, at = session(), access.actor(), access.now()
    draft = filling.draft
    if request.method == "GET":
        together(filling.questionnaire, filling.answers, link_id)
        _record_reading(filling)
        return _page(filling, link_id)
    shown, link_id = link_id, _moved_up(filling, link_id)
    together(filling.questionnaire, filling.answers, link_id)
    sent = _sent(filling, shown, link_id)
    kept = {key: answer for key, answer in sent.given.items() if not _is_blank(filling, key, answer)}
    saved = responses.save_answers(db, filling.questionnaire, draft, kept, seen=sent.seen, by=by, at=at)
    is_stop = request.form.get("orkar") == NO_MORE
    if is_stop:
        responses.pace(db, draft, is_short=True, by=by, at=at)
    before, filling = filling, filling_of(draft)
    asked = {item.link_id for item in together(filling.questionnaire, filling.answers, link_id)}
    invalid = {key: fault for key, fault in sent.invalid.items() if key in asked}
    # What was left blank here and answered elsewhere meanwhile is not missing.
    blank = [key for key in sent.given if key in asked and key not in kept and _stands(filling, sent, key)]
    missing = [] if is_stop else blank
    if saved.changed or invalid:
        _record_reading(filling)
        return _page(
            filling, link_id, sent, invalid=invalid, missing=missing, changed=saved.changed, severe=saved.severe
        ), 409 if saved.changed else 422
    if saved.severe:
        db.commit()
        fran, key = STOP if is_stop else came_from(), next(iter(saved.severe))
        return redirect(url_for("patient.call_now", draft_id=draft.id, link_id=key, fran=fran), 303)
    if missing:
        _record_reading(filling)
        return _page(filling, link_id, sent, missing=missing), 422
    db.commit()
    if is_stop:
        return redirect(rest(filling), 303)
    return redirect(opened_here(filling, link_id, before) or after(filling, link_id), 303)


def severe_together(filling: Filling, link_id: str) -> list[Item]:
    """This question, and those of its page whose answers the reader has not read the call-now page for."""
    form, answers = filling.questionnaire, filling.answers
    item = form.item(link_id)
    if item.group is None:
        return [item]
    unread = {
        notice.link_id
        for notice in answer_queries.call_notices(session(), filling.draft.id)
        if notice.acknowledged_at is None and notice.value == _plain(answers.get(notice.link_id, UNANSWERED).value)
    }
    return [each for each in form.members(item.group) if each.link_id == link_id or each.link_id in unread]


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def left_here(filling: Filling, link_id: str) -> str | None:
    """The page of a group again where something on it is left blank; None where nothing is."""
    here = filling.questionnaire.item(link_id)
    if here.group is None or here not in visible_items(filling.questionnaire, filling.answers):
        return None
    for item in together(filling.questionnaire, filling.answers, link_id):
        if item.type is not ItemType.INFO and _is_blank(filling, item.link_id, filling.answers.get(item.link_id)):
            return _address(filling, item)
    return None


def opened_here(filling: Filling, link_id: str, before: Filling) -> str | None:
    """The page again where an answer has opened a question on it that nobody has seen; None where none has."""
    known = {item.link_id for item in visible_items(before.questionnaire, before.answers, link_id)}
    for item in together(filling.questionnaire, filling.answers, link_id):
        if item.type is not ItemType.INFO and item.link_id not in known | filling.answers.keys():
            return _address(filling, item)
    return None


def _address(filling: Filling, item: Item) -> str:
    return url_for(
        "patient.answer",
        draft_id=filling.draft.id,
        link_id=item.link_id,
        fran=came_from(),
        _anchor=control_name(item.link_id),
    )


def _moved_up(filling: Filling, link_id: str) -> str:
    """The question, or where others were taken away meanwhile the same one in the instance that comes next now."""
    form, answers = filling.questionnaire, filling.answers
    group = form.group_of(form.item(link_id))
    assert group is not None
    name, instance = split_key(link_id)
    there = instance_count(form, answers, group) if has_any(form, answers, group) else 0
    return instance_key(name, min(instance, there + 1))


def _sent(filling: Filling, shown: str, link_id: str) -> Sent:
    """Of the questions that stood on the page when it was shown: some may be hidden since."""
    form, here = filling.questionnaire, filling.questionnaire.item(link_id)
    before, now = split_key(shown)[1], split_key(link_id)[1]
    raw, given, invalid, seen = {}, {}, {}, {}
    for member in form.members(here.group or ""):
        name, key = instance_key(member.link_id, before), instance_key(member.link_id, now)
        if f"{name}.seen" not in request.form or member.type is ItemType.INFO:
            continue
        item = form.item(key)
        raw[key], seen[key] = raw_answer(item, control_name(name)), request.form[f"{name}.seen"]
        try:
            given[key] = parse_answer(item, raw[key])
        except InvalidAnswer as error:
            invalid[key] = invalid_in_words(item, error)
    return Sent(raw, given, invalid, seen)


def _is_blank(filling: Filling, key: str, answer: Answer | None) -> bool:
    """Own words may be left empty; whatever else is, is asked about once."""
    is_given = answer is not None and answer.state is not AnswerState.UNANSWERED
    return not is_given and filling.questionnaire.item(key).type is not ItemType.TEXT


def _stands(filling: Filling, sent: Sent, key: str) -> bool:
    """Whether what stands is what the page showed."""
    return sent.seen[key] == filling.answers.get(key, UNANSWERED).mark


def _record_reading(filling: Filling) -> None:
    asked = filling.draft.request
    audit.record(
        session(),
        "read-draft",
        by=access.actor(),
        at=access.now(),
        patient_id=asked.patient_id,
        object_type="draft",
        object_id=filling.draft.id,
    )


def _page(
    filling: Filling,
    link_id: str,
    sent: Sent = NOTHING_SENT,
    *,
    invalid: Mapping[str, str] | None = None,
    missing: Sequence[str] = (),
    changed: Mapping[str, Answer] | None = None,
    severe: Iterable[str] = (),
) -> str:
    form, invalid, changed = filling.questionnaire, invalid or {}, changed or {}
    items = together(form, filling.answers, link_id)
    questions = [item for item in items if item.type is not ItemType.INFO]
    group = form.group_of(questions[0])
    assert group is not None
    faults = dict(invalid) | {key: missing_in_words(form.item(key)) for key in missing}
    rival = {key: rivals(filling.draft, form.item(key), sent.given[key], standing) for key, standing in changed.items()}
    says_missing = ngettext("Ett svar på sidan saknas", "%(num)s svar på sidan saknas", len(missing)) if missing else ""
    rows = [_row(filling, item, sent, faults.get(item.link_id, ""), rival.get(item.link_id)) for item in items]
    return page(
        "patient/group.html",
        **frame(filling, questions[0], items[0]),
        text=_heading(group, split_key(link_id)[1]),
        hint=with_period(form, text_in(group.hint, form_lang()) if group.hint else _group_hint(group)),
        is_matrix=group.kind is GroupKind.MATRIX,
        rows=rows,
        # In the order of the page, and by name: several may say the same.
        errors=[
            (row.name, _("%(name)s: %(fault)s", name=_short(row.item), fault=row.error)) for row in rows if row.error
        ],
        error=bool(faults),
        missing_only="" if invalid else says_missing,
        is_missing=bool(missing),
        is_saved=bool(faults or rival) and len(faults) + len(rival) < len(questions),
        rival=list(rival.values()),
        severe=[
            {
                "name": in_sentence(_short(form.item(key))),
                "said": in_words(form.item(key), filling.answers.get(key, UNANSWERED), form_lang()),
                "url": url_for("patient.call_now", draft_id=filling.draft.id, link_id=key, fran=came_from()),
            }
            for key in severe
        ],
    )


def _row(filling: Filling, item: Item, sent: Sent, error: str, rival: Rival | None) -> Row:
    key = item.link_id
    saved = filling.answers.get(key, UNANSWERED)
    was_sent = key in sent.raw and (error or rival or not saved.is_answered)
    return Row(
        item=item,
        name=control_name(key),
        seen_name=f"{key}.seen",
        # Of what could not be saved the page still shows what stood there when it was opened, unless it says otherwise.
        seen=saved.mark if rival or not error else sent.seen.get(key, saved.mark),
        values=sent.raw[key] if was_sent else sent_again(saved, lang()),
        hint=_row_hint(filling, item, rival),
        error=error,
    )


def _row_hint(filling: Filling, item: Item, rival: Rival | None) -> str:
    if item.type is ItemType.INFO:
        return ""
    group = filling.questionnaire.group_of(item)
    is_matrix = group is not None and group.kind is GroupKind.MATRIX
    parts = [text_in(item.hint, form_lang()) if item.hint else "" if is_matrix else instruction(item)]
    if rival is not None:
        parts.append(_("Sparat: %(answer)s", answer=rival.saved) + ".")
        parts.append(_("Ditt svar här, inte sparat: %(answer)s", answer=rival.given) + ".")
    offer = earlier(filling, item)
    if offer is not None and offer.is_from_last_time:
        parts.append(_("Förra gången: %(answer)s.", answer=offer.words))
    elif offer is not None:
        parts.append(_("Nyss i %(form)s: %(answer)s.", form=offer.form, answer=offer.words))
    return " ".join(part for part in parts if part)


def _heading(group: Group, instance: int) -> str:
    text = text_in(group.text, form_lang())
    if group.kind is not GroupKind.REPEATS:
        return text
    return _("%(group)s, nummer %(number)s", group=text, number=instance)


def _group_hint(group: Group) -> str:
    return _("Välj ett svar på varje rad.") if group.kind is GroupKind.MATRIX else ""


def _short(item: Item) -> str:
    return text_in(item.short, form_lang())
