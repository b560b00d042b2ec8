"""Messages to the care team: the inbox with a place to write, and one thread."""

from datetime import datetime
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from careplan.actions import audit
from careplan.actions import messages as sending
from careplan.db import session
from careplan.domain.identity import Capacity
from careplan.domain.messages import MOST_LETTERS
from careplan.domain.tasks import TaskKind, due_at
from careplan.domain.team import Contact
from careplan.library.revisions import chapters_in
from careplan.models import Patient
from careplan.queries import messages as message_queries
from careplan.queries import plan as plan_queries
from careplan.queries import threads
from careplan.queries.access import NotVisible, get_patient_for, get_thread_for, scopes_of
from careplan.queries.team import contact_for
from careplan.web import access, kept_text
from careplan.web.message_form import MessageForm, earlier_than
from careplan.web.message_sending import sent
from careplan.web.pages import page
from careplan.web.patient import bp
from careplan.web.patient.telephone import telephone

BASE = "patient/base.html"


@bp.route("/meddelanden", methods=["GET", "POST"])
def messages() -> ResponseReturnValue:
    """All threads, and a new message; about a chapter where `plan` and `kapitel` in the address name one."""
    form = MessageForm()
    patient = _patient()
    about = _chapter()
    if request.method == "GET":
        return _inbox(patient, form, about)
    db, by, at = session(), access.actor(), access.now()
    reached = _reached(patient, about)
    contact = next((each for each in reached if str(each.unit_id) == form.to.data), None)
    if not form.validate() or not reached:
        return _inbox(patient, form, about), 422
    if contact is None and len(reached) > 1:
        form.to.errors = [_("Välj vem du skriver till.")]
        return _inbox(patient, form, about), 422
    contact = contact or reached[0]
    return sent(
        form,
        lambda: sending.begin(
            db,
            patient=patient,
            unit_id=contact.unit_id,
            text=form.text.data or "",
            subject=form.subject.data or "",
            about=about[1] if about else None,
            contact=contact,
            key=form.page_key,
            by=by,
            at=at,
        ),
        again=lambda: _inbox(_patient(), form, about),
        done=lambda made: _sent(made.id),
        base=BASE,
    )


@bp.route("/meddelanden/<uuid:thread_id>", methods=["GET", "POST"])
def thread(thread_id: UUID) -> ResponseReturnValue:
    """One thread: what was said, who has read it, when an answer comes, and a place to write on."""
    form = MessageForm()
    if request.method == "GET":
        return _thread(thread_id, form)
    db, by, at = session(), access.actor(), access.now()
    found = get_thread_for(db, by, thread_id, at=at)
    contact = contact_for(db, found.patient_id, found.unit_id, at=at)
    return sent(
        form,
        lambda: sending.reply(db, found, text=form.text.data or "", contact=contact, key=form.page_key, by=by, at=at),
        again=lambda: _thread(thread_id, form),
        done=lambda _made: _sent(thread_id),
        base=BASE,
    )


def _sent(thread_id: UUID) -> ResponseReturnValue:
    flash(_("Ditt meddelande är skickat."))
    return redirect(url_for("patient.thread", thread_id=thread_id), 303)


def _patient() -> Patient:
    """Whose messages they are; a relative reaches them only where the patient lets them."""
    db, by, at = session(), access.actor(), access.now()
    if by.patient_id is None or "messages" not in scopes_of(db, by, at=at):
        raise NotVisible("thread", "own")
    return get_patient_for(db, by, by.patient_id, at=at)


def _chapter() -> tuple[UUID, sending.Comment] | None:
    """The unit and chapter that the address names; a chapter that is not there, or not the reader's, is refused."""
    plan_id, chapter_id = request.args.get("plan", type=UUID), request.args.get("kapitel", "")
    if plan_id is None or not chapter_id:
        return None
    number = request.args.get("version", type=int)
    revision = plan_queries.revision_of(session(), access.actor(), plan_id, at=access.now(), number=number)
    found = next((each for each in chapters_in(revision.content) if each["id"] == chapter_id), None)
    if found is None:
        raise NotVisible("chapter", chapter_id)
    return revision.plan.unit_id, sending.Comment(plan_id, chapter_id, found["title"], revision.number)


def _reached(patient: Patient, about: tuple[UUID, sending.Comment] | None) -> list[Contact]:
    """Whom one may write to: the units that care for the patient; about a chapter the one whose plan it is."""
    found = message_queries.contacts(session(), patient.id, at=access.now())
    return [each for each in found if about is not None and each.unit_id == about[0]] or found


def _inbox(patient: Patient, form: MessageForm, about: tuple[UUID, sending.Comment] | None) -> str:
    db, by, at = session(), access.actor(), access.now()
    found = threads.inbox(db, by, at=at, before=earlier_than())
    reached = _reached(patient, about)
    audit.record(db, "list-threads", by=by, at=at, patient_id=patient.id, object_type="thread")
    kept_text.bring_back(form)
    form.renew()
    return page(
        "patient/messages.html",
        form=form,
        inbox=found,
        contacts=[(each, answer_day(each, at)) for each in reached],
        telephone=telephone(reached[0], at=at) if reached else None,
        about=about[1] if about else None,
        patient_name=patient.person.name,
        is_own=by.capacity is Capacity.PATIENT,
        most=MOST_LETTERS,
        now=at,
    )


def _thread(thread_id: UUID, form: MessageForm) -> str:
    db, by, at = session(), access.actor(), access.now()
    found = get_thread_for(db, by, thread_id, at=at)
    sending.mark_read(db, found, by=by, at=at)
    audit.record(
        db, "read-thread", by=by, at=at, patient_id=found.patient_id, object_type="thread", object_id=thread_id
    )
    shown = message_queries.shown(db, by, found)
    contact = contact_for(db, found.patient_id, found.unit_id, at=at)
    cared_for = {each.unit_id for each in message_queries.contacts(db, found.patient_id, at=at)}
    kept_text.bring_back(form)
    form.renew(seen=len(shown.messages))
    return page(
        "patient/thread.html",
        form=form,
        shown=shown,
        contact=contact,
        telephone=telephone(contact, at=at),
        answer_by=shown.waits.due_at if shown.waits else answer_day(contact, at),
        may_write=found.unit_id in cared_for,
        patient_name=found.patient.person.name,
        is_own=by.capacity is Capacity.PATIENT,
        most=MOST_LETTERS,
        now=at,
    )


def answer_day(contact: Contact, at: datetime) -> datetime:
    """When what is written now is answered at the latest."""
    return due_at(TaskKind.MESSAGE, None, at, contact.hours, contact.times)
