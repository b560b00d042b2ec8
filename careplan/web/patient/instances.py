"""A group that repeats: what is there so far, one more, one less, or on."""

from dataclasses import dataclass
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from careplan.actions import audit, responses
from careplan.db import session
from careplan.domain.answers import UNANSWERED
from careplan.domain.questionnaire import (
    Group,
    GroupKind,
    Item,
    UnknownItem,
    has_any,
    in_words,
    instance_count,
    instance_key,
    split_key,
    text_in,
    together,
    visible_questions,
)
from careplan.i18n import form_lang
from careplan.web import access
from careplan.web.pages import page
from careplan.web.patient import bp
from careplan.web.patient.filling import Filling, came_from, closed_page, filling_of, open_draft, past


@dataclass(frozen=True, slots=True)
class Instance:
    number: int
    rows: list[dict[str, str]]
    url: str


@bp.route("/fragor/<uuid:draft_id>/grupp/<group_id>", methods=["GET", "POST"])
def instances(draft_id: UUID, group_id: str) -> ResponseReturnValue:
    """All of the kind that were told of; one can be taken away, and the rest moves up."""
    db, by, at = session(), access.actor(), access.now()
    draft = open_draft(draft_id)
    closed = closed_page(draft.request)
    if closed is not None:
        return closed, 200 if request.method == "GET" else 409
    filling = filling_of(draft)
    group = filling.questionnaire.group(group_id)
    if group.kind is not GroupKind.REPEATS:
        raise UnknownItem(group_id)
    together(filling.questionnaire, filling.answers, _first(filling, group).link_id)
    if request.method == "GET":
        return _page(filling, group)
    number = request.form.get("bort", default=0, type=int)
    if not 1 <= number <= instance_count(filling.questionnaire, filling.answers, group):
        return _page(filling, group, is_changed=True), 409
    version = request.form.get("version", default=0, type=int)
    try:
        responses.remove_instance(db, filling.questionnaire, draft, group, number, version=version, by=by, at=at)
    except responses.DraftChanged:
        return _page(filling, group, is_changed=True), 409
    db.commit()
    flash(_("Nummer %(number)s är borttaget.", number=number))
    return redirect(url_for("patient.instances", draft_id=draft_id, group_id=group_id, fran=came_from()), 303)


def _page(filling: Filling, group: Group, *, is_changed: bool = False) -> str:
    form, answers, asked = filling.questionnaire, filling.answers, filling.draft.request
    count = instance_count(form, answers, group) if has_any(form, answers, group) else 0
    first = _first(filling, group)
    audit.record(
        session(),
        "read-draft",
        by=access.actor(),
        at=access.now(),
        patient_id=asked.patient_id,
        object_type="draft",
        object_id=filling.draft.id,
    )
    return page(
        "patient/instances.html",
        draft=filling.draft,
        text=text_in(group.text, form_lang()),
        found=[_instance(filling, group, number) for number in range(1, count + 1)],
        add=text_in(group.add, form_lang()) if group.add else _("Lägg till ett till"),
        add_url=_address(filling, instance_key(first.link_id, count + 1)) if count < group.at_most else None,
        at_most=group.at_most,
        onward=past(filling, instance_key(first.link_id, max(count, 1))),
        is_changed=is_changed,
        to_review=url_for("patient.review", draft_id=filling.draft.id) if came_from() else None,
        back=_address(filling, instance_key(first.link_id, max(count, 1))),
        by_relative=filling.by_relative,
        now=access.now(),
    )


def _instance(filling: Filling, group: Group, number: int) -> Instance:
    shown = [
        item
        for item in visible_questions(filling.questionnaire, filling.answers)
        if item.group == group.id and split_key(item.link_id)[1] == number
    ]
    rows = [
        {
            "key": text_in(filling.questionnaire.item(split_key(item.link_id)[0]).short, form_lang()),
            "value": in_words(item, filling.answers.get(item.link_id, UNANSWERED), form_lang()),
        }
        for item in shown
    ]
    return Instance(number, rows, _address(filling, shown[0].link_id))


def _first(filling: Filling, group: Group) -> Item:
    """The question that an instance begins with."""
    return next(item for item in filling.questionnaire.questions if item.group == group.id)


def _address(filling: Filling, link_id: str) -> str:
    return url_for("patient.answer", draft_id=filling.draft.id, link_id=link_id, fran=came_from())
