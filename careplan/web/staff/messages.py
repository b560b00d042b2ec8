"""Messages as staff meet them: one inbox, a thread with its clock, and a new message to the patient or a colleague."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import RadioField, TextAreaField
from wtforms.validators import Length

from careplan.actions import audit, tasks
from careplan.actions import messages as sending
from careplan.db import session
from careplan.domain.identity import Capacity
from careplan.domain.messages import MOST_LETTERS, ThreadKind
from careplan.domain.tasks import Outcome, TaskKind, outcomes_for
from careplan.models import Patient, Task, Unit
from careplan.queries import messages as message_queries
from careplan.queries import threads
from careplan.queries import worklist as lists
from careplan.queries.access import get_patient_for, get_thread_for
from careplan.queries.clocks import time_left
from careplan.queries.owners import owner_of
from careplan.queries.roster import Colleague, roster
from careplan.queries.team import contact_for
from careplan.web import access, kept_text
from careplan.web.labels import OUTCOMES
from careplan.web.message_form import MessageForm, earlier_than
from careplan.web.message_sending import sent
from careplan.web.pages import page
from careplan.web.sentences import SENTENCES, sentence_for
from careplan.web.staff import bp, words

BASE = "staff/base.html"
TO_PATIENT = "patient"


class CloseForm(FlaskForm):
    """What was done instead of writing, and the sentence that the one who asked reads."""

    outcome = RadioField(lazy_gettext("Vad har du gjort?"), validate_choice=False)
    sentence = TextAreaField(validators=[Length(max=500, message=lazy_gettext("Skriv högst 500 tecken."))])


@bp.get("/inkorg")
def messages() -> str:
    """What waits for the reader, and what has been answered lately."""
    db, by, at = session(), access.actor(), access.now()
    unit = db.get_one(Unit, by.unit_id)
    colleagues = roster(db, unit.id, at=at)
    waiting = threads.waiting(db, by, lists.mine(by, colleagues, at=at), at=at)
    recent = threads.recent(db, by, at=at, before=earlier_than())
    patients = [row.patient_id for row in (*waiting, *recent.rows)]
    audit.record(db, "list-threads", by=by, at=at, patients=patients, object_type="thread")

    def owner(task: Task) -> str:
        return words.owner_in_words(owner_of(task.owner_id, by, colleagues))

    def left(task: Task) -> str:
        return words.left_in_words(time_left(unit.opening_hours, at, task.due_at), at)

    return page(
        "staff/messages.html",
        waiting=waiting,
        recent=recent,
        owners={row.waits.id: owner(row.waits) for row in waiting if row.waits},
        left={row.waits.id: left(row.waits) for row in waiting if row.waits},
        moment_in_words=words.moment_in_words,
        now=at,
    )


@bp.route("/inkorg/<uuid:thread_id>", methods=["GET", "POST"])
def thread(thread_id: UUID) -> ResponseReturnValue:
    """One thread. An answer closes what waits in it."""
    form = MessageForm()
    if request.method == "GET":
        return _thread(thread_id, form)
    db, by, at = session(), access.actor(), access.now()
    found = get_thread_for(db, by, thread_id, at=at)
    contact = contact_for(db, found.patient_id, found.unit_id, at=at)
    return sent(
        form,
        lambda: sending.reply(
            db,
            found,
            text=form.text.data or "",
            contact=contact,
            key=form.page_key,
            seen=form.number_seen,
            by=by,
            at=at,
        ),
        again=lambda: _thread(thread_id, form),
        done=lambda _made: _sent(thread_id),
        base=BASE,
    )


@bp.post("/inkorg/<uuid:thread_id>/stang")
def close_thread(thread_id: UUID) -> ResponseReturnValue:
    """What was done instead of an answer, by code, and a sentence to the one who asked."""
    db, by, at = session(), access.actor(), access.now()
    found = get_thread_for(db, by, thread_id, at=at)
    form = _close_form()
    known = {value for value, _text in form.outcome.choices}
    if form.outcome.data not in known:
        form.outcome.errors = [_("Välj vad du har gjort.")]
    if form.outcome.errors or not form.sentence.validate(form):
        return _thread(thread_id, MessageForm(formdata=None), form), 422
    try:
        sending.close(db, found, outcome=form.outcome.data, sentence=form.sentence.data or "", by=by, at=at)
    except (sending.MissingSentence, tasks.TaskAlreadyClosed) as error:
        db.rollback()
        form.sentence.errors = [sentence_for(error)]
        return _thread(thread_id, MessageForm(formdata=None), form), SENTENCES[type(error)](error)[0]
    db.commit()
    flash(_("Klart: %(name)s.", name=found.patient.person.name))
    return redirect(url_for("staff.messages"), 303)


@bp.route("/patienter/<uuid:patient_id>/skriv", methods=["GET", "POST"])
def write(patient_id: UUID) -> ResponseReturnValue:
    """A new message about a patient: to a colleague, which the patient never sees, or from a nurse to the patient."""
    form = MessageForm()
    db, by, at = session(), access.actor(), access.now()
    patient = get_patient_for(db, by, patient_id, at=at, by_referral=True)
    receivers = _receivers(patient)
    if request.method == "GET":
        return _write(patient, form, receivers)
    to = form.to.data or (next(iter(receivers)) if len(receivers) == 1 else "")
    if to not in receivers:
        form.to.errors = [_("Välj vem du skriver till.")]
        return _write(patient, form, receivers), 422
    if not form.validate():
        return _write(patient, form, receivers), 422
    return sent(
        form,
        lambda: sending.begin(
            db,
            patient=patient,
            unit_id=by.unit_id,
            text=form.text.data or "",
            subject=form.subject.data or "",
            kind=ThreadKind.PATIENT if to == TO_PATIENT else ThreadKind.TEAM,
            to_id=None if to == TO_PATIENT else UUID(to),
            contact=contact_for(db, patient.id, by.unit_id, at=at),
            key=form.page_key,
            by=by,
            at=at,
        ),
        again=lambda: _write(get_patient_for(db, by, patient_id, at=at, by_referral=True), form, receivers),
        done=lambda made: _sent(made.id),
        base=BASE,
    )


def _sent(thread_id: UUID) -> ResponseReturnValue:
    flash(_("Meddelandet är skickat."))
    return redirect(url_for("staff.thread", thread_id=thread_id), 303)


def _receivers(patient: Patient) -> dict[str, str]:
    """Value and words of each one to write to. The contact nurse comes first for other professions."""
    db, by, at = session(), access.actor(), access.now()
    found = {
        str(each): f"{name}, {title}" for each, name, title in message_queries.colleagues(db, by, patient.id, at=at)
    }
    if by.capacity is Capacity.CONTACT_NURSE and message_queries.has_account(db, patient):
        return {TO_PATIENT: _("%(name)s, patienten", name=patient.person.name)} | found
    return found


def _write(patient: Patient, form: MessageForm, receivers: dict[str, str]) -> str:
    db, by, at = session(), access.actor(), access.now()
    audit.record(db, "write-message", by=by, at=at, patient_id=patient.id, object_type="patient", object_id=patient.id)
    kept_text.bring_back(form)
    form.renew()
    return page(
        "staff/write.html",
        form=form,
        may_open=message_queries.is_known(db, by, patient.id, at=at),
        patient=patient,
        receivers=[("", _("Välj")), *receivers.items()] if TO_PATIENT in receivers else list(receivers.items()),
        chosen=form.to.data or "",
        most=MOST_LETTERS,
    )


def _close_form() -> CloseForm:
    form = CloseForm()
    offered = [outcome for outcome in outcomes_for(TaskKind.MESSAGE, None) if outcome is not Outcome.ANSWERED]
    form.outcome.choices = [(outcome.value, OUTCOMES[outcome]) for outcome in offered]
    return form


def _thread(thread_id: UUID, form: MessageForm, closing: CloseForm | None = None) -> str:
    db, by, at = session(), access.actor(), access.now()
    found = get_thread_for(db, by, thread_id, at=at)
    sending.mark_read(db, found, by=by, at=at)
    audit.record(
        db, "read-thread", by=by, at=at, patient_id=found.patient_id, object_type="thread", object_id=thread_id
    )
    shown = message_queries.shown(db, by, found)
    unit = db.get_one(Unit, by.unit_id)
    colleagues = roster(db, unit.id, at=at)
    kept_text.bring_back(form)
    form.renew(seen=len(shown.messages))
    return page(
        "staff/thread.html",
        form=form,
        closing=closing or _close_form(),
        shown=shown,
        patient=found.patient,
        may_open=message_queries.is_known(db, by, found.patient_id, at=at),
        receiver=_receiver(shown, colleagues),
        owner=owner_of(shown.waits.owner_id, by, colleagues) if shown.waits else None,
        owner_in_words=words.owner_in_words,
        left=words.left_in_words(time_left(unit.opening_hours, at, shown.waits.due_at), at) if shown.waits else "",
        is_team=found.kind is ThreadKind.TEAM,
        most=MOST_LETTERS,
        now=at,
    )


def _receiver(shown: message_queries.Shown, colleagues: dict[UUID, Colleague]) -> str:
    """Whom the reader writes to in this thread."""
    found, by = shown.thread, access.actor()
    if found.kind is ThreadKind.PATIENT:
        return found.patient.person.given_name
    other = found.to_id if found.started_by_id == by.practitioner_id else found.started_by_id
    colleague = colleagues.get(other) if other else None
    return colleague.given_name if colleague else _("teamet")
