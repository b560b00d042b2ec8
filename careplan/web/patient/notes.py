"""The patient's own notes, private unless the patient shows them, and questions for the next visit."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import RadioField, SelectChoice, TextAreaField

from careplan.actions import audit
from careplan.actions import notes as actions
from careplan.db import session
from careplan.domain.identity import Capacity
from careplan.domain.own import LONGEST_TEXT, NoteKind
from careplan.models import PatientNote
from careplan.queries import own
from careplan.queries.access import NotVisible
from careplan.queries.home import contact_of
from careplan.web import access
from careplan.web.own_fields import KeyedForm, within, written
from careplan.web.pages import page
from careplan.web.patient import bp

PRIVATE, SHARED = "private", "shared"
FOR_WHOM = {
    PRIVATE: lazy_gettext("Bara jag"),
    SHARED: lazy_gettext("Visa också för vården"),
}


class QuestionForm(KeyedForm):
    text = TextAreaField(
        lazy_gettext("Vad vill du fråga?"),
        validators=[written(lazy_gettext("Skriv din fråga.")), within(LONGEST_TEXT)],
    )
    is_shared = True


class NoteForm(KeyedForm):
    """Nothing is shown to the care team unless the patient chooses it."""

    text = TextAreaField(
        lazy_gettext("Anteckning"), validators=[written(lazy_gettext("Skriv något.")), within(LONGEST_TEXT)]
    )
    shown_to = RadioField(
        lazy_gettext("Vem får läsa?"),
        choices=[SelectChoice(value, words) for value, words in FOR_WHOM.items()],
        default=PRIVATE,
        validate_choice=False,
    )

    @property
    def is_shared(self) -> bool:
        return bool(self.shown_to.data == SHARED)


@bp.route("/anteckningar", methods=["GET", "POST"])
def notes() -> ResponseReturnValue:
    """Questions first, since they are read by somebody else; then notes."""
    db, by, at = session(), access.actor(), access.now()
    patient_id = _own_id()
    contact = contact_of(db, patient_id, at=at)
    is_note = request.form.get("kind") == NoteKind.NOTE
    question, note = QuestionForm(prefix="q"), NoteForm(prefix="n")
    sent = note if is_note else question
    if request.method == "POST" and contact is not None and sent.validate():
        actions.add(
            db,
            key=sent.page_key,
            patient_id=patient_id,
            unit_id=contact.unit_id,
            kind=NoteKind.NOTE if is_note else NoteKind.QUESTION,
            text=sent.text.data or "",
            is_shared=sent.is_shared,
            by=by,
            at=at,
        )
        db.commit()
        flash(_("Anteckningen är sparad.") if is_note else _("Frågan är sparad. Den tas upp vid nästa besök."))
        return redirect(url_for("patient.notes"), 303)
    found = own.notes_of(db, by, patient_id, at=at)
    audit.record(db, "read-notes", by=by, at=at, patient_id=patient_id, object_type="note")
    question.fresh()
    note.fresh()
    body = page(
        "patient/notes.html",
        questions=[each for each in found if each.kind is NoteKind.QUESTION],
        notes=[each for each in found if each.kind is NoteKind.NOTE],
        question=question,
        note=note,
        sent=sent,
        contact=contact,
        shown_words=FOR_WHOM,
        now=at,
    )
    return body, 422 if sent.errors else 200


@bp.route("/anteckningar/<uuid:note_id>", methods=["GET", "POST"])
def note(note_id: UUID) -> ResponseReturnValue:
    """Change it, or take it away; a question that is answered stands as it was."""
    db, by, at = session(), access.actor(), access.now()
    _own_id()
    found = own.get_note_for(db, by, note_id, at=at)
    is_question = found.kind is NoteKind.QUESTION
    form = QuestionForm(prefix="q") if is_question else NoteForm(prefix="n")
    if request.method == "POST" and "remove" in request.form:
        actions.remove(db, found, by=by, at=at)
        db.commit()
        flash(_("Borttaget."))
        return redirect(url_for("patient.notes"), 303)
    if form.validate_on_submit():
        actions.change(db, found, text=form.text.data or "", is_shared=form.is_shared, by=by, at=at)
        db.commit()
        flash(_("Ändringen är sparad."))
        return redirect(url_for("patient.notes"), 303)
    if not form.is_submitted():
        _fill(form, found)
    audit.record(db, "read-notes", by=by, at=at, patient_id=found.patient_id, object_type="note", object_id=found.id)
    body = page("patient/note.html", form=form, note=found, is_question=is_question, now=at)
    return body, 422 if form.errors else 200


def _fill(form: QuestionForm | NoteForm, found: PatientNote) -> None:
    form.text.data = found.text
    if isinstance(form, NoteForm):
        form.shown_to.data = SHARED if found.is_shared else PRIVATE


def _own_id() -> UUID:
    """The patient who is logged in; a relative reaches no notes."""
    by = access.actor()
    if by.capacity is not Capacity.PATIENT or by.patient_id is None:
        raise NotVisible("note", "own")
    return by.patient_id
