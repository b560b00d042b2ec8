"""Before and after sending: the page to look through, and the receipt."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from babel.lists import format_list
from flask import current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from careplan.actions import audit, kiosk, responses
from careplan.actions.responses import MOST_WISHES, OTHER_WISH, Sending
from careplan.db import session
from careplan.domain.answers import UNANSWERED, Answers, AnswerState
from careplan.domain.conditions import Direction
from careplan.domain.correcting import corrected_items
from careplan.domain.identity import Actor, Capacity
from careplan.domain.questionnaire import Item, ItemType, Questionnaire, in_words, text_in, visible_questions
from careplan.domain.tasks import TaskKind, due_at
from careplan.domain.team import Contact
from careplan.domain.triage import Level
from careplan.i18n import day, form_lang, in_sentence, lang, local, speak
from careplan.models import Draft, Patient, QuestionnaireResponse
from careplan.queries import answers as answer_queries
from careplan.queries import home as home_queries
from careplan.queries.access import scopes_for, scopes_of
from careplan.queries.lines import answers_of
from careplan.queries.team import contact_for
from careplan.web import access, tablet
from careplan.web.pages import page
from careplan.web.patient import bp
from careplan.web.patient.filling import REVIEW, by_relative, closed_page, open_draft
from careplan.web.patient.grouped import control_name
from careplan.web.patient.telephone import telephone

# So many rows stand open; with more, those that say least are folded.
OPEN_ROWS = 8


@dataclass(frozen=True, slots=True)
class Row:
    number: int
    name: str
    value: str
    url: str
    stands_out: bool
    is_blank: bool


@bp.route("/fragor/<uuid:draft_id>/granska", methods=["GET", "POST"])
def review(draft_id: UUID) -> ResponseReturnValue:
    """All answers to look through, what is wanted most, and the sending, which happens once."""
    db, by, at = session(), access.actor(), access.now()
    draft = open_draft(draft_id)
    if request.method == "GET":
        closed = closed_page(draft.request)
        if closed is not None:
            return closed
        replaced = answer_queries.replaced_by(db, draft)
        return _review(draft, sent_with(replaced) if replaced else Sending())
    sending = sending_in(request.form)
    on_tablet = tablet.present()
    form = answer_queries.asked_form(db, draft.request)
    try:
        submitted = responses.submit(
            db,
            form,
            draft,
            sending,
            contact=contact_for(db, draft.request.patient_id, draft.request.unit_id, at=at),
            follow_up=responses.form_asked_again(current_app.extensions["library"], form),
            version=request.form.get("version", default=0, type=int),
            mode="kiosk" if on_tablet else "web",
            device="tablet" if on_tablet else _device(),
            by=by,
            at=at,
        )
    except responses.InvalidSending as error:
        return _review(draft, sending, error=error), 422
    except responses.DraftChanged:
        return _review(draft, sending, is_changed=True), 409
    except responses.NothingCorrected:
        return _review(draft, sending, is_unchanged=True), 422
    except responses.AlreadySent as error:
        return redirect(url_for("kiosk.receipt"), 303) if on_tablet else (_already_sent(error.response_id), 409)
    if on_tablet:
        kiosk.close(db, on_tablet.row, at=at)
        db.commit()
        return redirect(url_for("kiosk.receipt"), 303)
    db.commit()
    return redirect(url_for("patient.receipt", response_id=submitted.response.id), 303)


@bp.get("/svar/<uuid:response_id>/kvitto")
def receipt(response_id: UUID) -> str:
    """It is stored: who reads it and by when, and the code to say on the telephone."""
    db, by, at = session(), access.actor(), access.now()
    response = answer_queries.get_receipt_for(db, by, response_id, at=at)
    sent = answer_queries.sent(db, response)
    speak(sent.questionnaire.language_for(response.lang))
    patient = db.get_one(Patient, response.patient_id)
    scopes = scopes_for(db, by, response, at=at)
    contact = contact_for(db, response.patient_id, response.unit_id, at=at)
    audit.record(
        db,
        "read-receipt",
        by=by,
        at=at,
        patient_id=response.patient_id,
        object_type="response",
        object_id=response_id,
    )
    return page(
        "patient/receipt.html",
        sent=sent,
        contact=contact,
        telephone=telephone(contact, at=at),
        severe=listed(
            in_sentence(text_in(sent.questionnaire.item(item).short, form_lang()))
            for item in sent.red
            if item in sent.answers
        ),
        wishes=wishes_in_sentence(sent.questionnaire, response.wishes),
        may_read="answers" in scopes,
        may_correct="help" in scopes,
        is_own=is_own(response, by),
        notified_by="" if response.respondent_id else patient.notify_by,
        now=at,
    )


def is_own(response: QuestionnaireResponse, by: Actor) -> bool:
    """Whether the reader is the one whom the answers are about."""
    return by.capacity is Capacity.PATIENT or response.respondent_id == by.person_id


def wishes_in_sentence(form: Questionnaire, wishes: list[str]) -> str:
    """The wishes as they stand within a sentence; empty where nothing is wished for."""
    words = {item.link_id: in_sentence(text_in(item.short, form_lang())) for item in form.questions}
    words[OTHER_WISH] = _("något annat")
    return listed(words[wish] for wish in wishes if wish in words)


def listed(words: Iterable[str]) -> str:
    """andnöd, smärta och oro"""
    return format_list(list(words), locale=lang())


def _review(
    draft: Draft,
    sending: Sending,
    *,
    error: responses.InvalidSending | None = None,
    is_changed: bool = False,
    is_unchanged: bool = False,
) -> str:
    db, by, at = session(), access.actor(), access.now()
    asked = draft.request
    form = answer_queries.asked_form(db, asked)
    answers = answer_queries.draft_answers(db, [draft.id])[draft.id]
    severe = {
        notice.link_id: notice.acknowledged_at is not None
        for notice in reversed(answer_queries.call_notices(db, draft.id))
        if notice.value == _stored(answers.get(notice.link_id, UNANSWERED).value)
    }
    contact = contact_for(db, asked.patient_id, asked.unit_id, at=at)
    replaced = answer_queries.replaced_by(db, draft)
    rows = _rows(draft, form, answers, severe, answers_of(replaced) if replaced else None)
    is_long = len(rows) > OPEN_ROWS and replaced is None  # the slip to correct may be any of them
    open_rows = [row for row in rows if row.stands_out] if is_long else rows
    visit = home_queries.next_appointment(db, by, at=at) if "plan" in scopes_of(db, by, at=at) else None
    audit.record(db, "read-draft", by=by, at=at, patient_id=asked.patient_id, object_type="draft", object_id=draft.id)
    return page(
        "patient/review.html",
        draft=draft,
        last=rows[-1] if rows else None,
        blanks=[row for row in rows if row.is_blank],
        open_rows=open_rows or rows[:OPEN_ROWS],
        folded=[row for row in rows if row not in (open_rows or rows[:OPEN_ROWS])],
        offered=_offered(form, answers),
        most_wishes=MOST_WISHES,
        sending=sending,
        errors=sending_faults(error),
        is_changed=is_changed,
        is_unchanged=is_unchanged,
        replaced=replaced,
        wait=_wait(visit.starts_at if visit else None, at),
        contact=contact,
        due=_due(contact, is_severe=bool(severe), at=at),
        by_relative=by_relative(asked),
        now=at,
    )


def _rows(
    draft: Draft, form: Questionnaire, answers: Answers, severe: dict[str, bool], before: Answers | None
) -> list[Row]:
    """Each question with its answer; in a correction also what was sent, where that is something else."""
    corrected = {item.link_id for item in corrected_items(form, before, answers)} if before is not None else set()
    rows = []
    for number, item in enumerate(visible_questions(form, answers), start=1):
        given = answers.get(item.link_id, UNANSWERED)
        words = in_words(item, given, form_lang())
        if item.link_id in severe:
            words = _("%(answer)s. Du har läst att du ska ringa.", answer=words) if severe[item.link_id] else words
        if before is not None and item.link_id in corrected:
            sent = in_words(item, before.get(item.link_id, UNANSWERED), form_lang())
            words = _("%(answer)s. Du skickade: %(sent)s.", answer=words, sent=sent)
        # Own words are never asked for twice.
        is_blank = given.state is AnswerState.UNANSWERED and item.type is not ItemType.TEXT
        is_silent = is_blank or given.state is AnswerState.DECLINED
        rows.append(
            Row(
                number=number,
                name=text_in(item.short, form_lang()),
                value=words,
                url=url_for(
                    "patient.answer",
                    draft_id=draft.id,
                    link_id=item.link_id,
                    fran=REVIEW,
                    _anchor=control_name(item.link_id) if item.group else None,
                ),
                stands_out=is_silent or item.link_id in corrected | severe.keys() or trouble(item, answers) >= 0.5,
                is_blank=is_blank,
            )
        )
    return rows


def trouble(item: Item, answers: Answers) -> float:
    """How far towards the worse end of the scale, 0 to 1; 0 where it is not a scale or has no number."""
    number = answers.get(item.link_id, UNANSWERED).number
    if item.scale is None or number is None:
        return 0
    share = (number - item.scale.min) / (item.scale.max - item.scale.min)
    return 1 - share if item.higher_means is Direction.BETTER else share


def _offered(form: Questionnaire, answers: Answers) -> list[tuple[str, str]]:
    """What may be wished for: what was answered with some trouble, the most troublesome first."""
    items = [
        item
        for item in visible_questions(form, answers)
        if item.wish and (item.scale is None or trouble(item, answers) > 0)
    ]
    items.sort(key=lambda item: -trouble(item, answers))
    return [(item.link_id, text_in(item.short, form_lang())) for item in items]


def sent_with(response: QuestionnaireResponse) -> Sending:
    """What was said beside the answers, to be corrected or left."""
    return Sending(tuple(response.wishes), response.urgency, response.wants_contact, response.comment)


def sending_in(sent: MultiDict[str, str]) -> Sending:
    return Sending(
        wishes=tuple(dict.fromkeys(sent.getlist("wishes"))),
        urgency=sent.get("urgency") or None,
        wants_contact=sent.get("contact") == "yes",
        comment=sent.get("comment", "").replace("\r\n", "\n").strip(),
    )


def sending_faults(error: responses.InvalidSending | None) -> dict[str, str]:
    if error is None:
        return {}
    sentences = {
        "too-many": _("Välj högst två."),
        "exclusive": _("Välj antingen Inget just nu eller något av de andra."),
        "unknown-wish": _("Välj bland det som står på sidan."),
        "unknown-urgency": _("Välj ett av svaren på sidan."),
        "too-long": _("Texten är för lång. Skriv högst 4 000 tecken."),
    }
    return {error.field: sentences[error.reason]}


def _wait(visit: datetime | None, at: datetime) -> str:
    """The mildest urgency names the next visit where it is near."""
    if visit is not None and 0 < (local(visit).date() - local(at).date()).days < 14:
        return _("Det kan vänta till besöket %(day)s", day=day(visit))
    return _("Det kan vänta")


def _due(contact: Contact, *, is_severe: bool, at: datetime) -> datetime:
    """When it is read if it is sent now; the task itself decides when it is sent."""
    kind, level = (TaskKind.FLAG, Level.RED) if is_severe else (TaskKind.RESPONSE, None)
    return due_at(kind, level, at, contact.hours, contact.times)


def _already_sent(response_id: UUID) -> str:
    db, by, at = session(), access.actor(), access.now()
    response = answer_queries.get_receipt_for(db, by, response_id, at=at)
    sent = answer_queries.sent(db, response) if "answers" in scopes_for(db, by, response, at=at) else None
    audit.record(
        db,
        "read-receipt",
        by=by,
        at=at,
        patient_id=response.patient_id,
        object_type="response",
        object_id=response_id,
    )
    return page(
        "patient/already_sent.html",
        response_id=response_id,
        sent=sent,
        rows=_what_was_sent(sent) if sent else [],
        submitted_at=response.submitted_at,
        is_other=True,
        now=at,
    )


def _what_was_sent(sent: answer_queries.Sent) -> list[dict[str, str]]:
    return [
        {"key": text_in(item.short, form_lang()), "value": in_words(item, given, form_lang())}
        for _section, rows in sent.sections()
        for item, given in rows
    ]


def _stored(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _device() -> str:
    """Phone, tablet or computer, as the browser says; for the quality register, nothing depends on it."""
    agent = request.user_agent.string
    if "iPad" in agent or "Tablet" in agent or ("Android" in agent and "Mobi" not in agent):
        return "tablet"
    return "phone" if "Mobi" in agent else "computer"
