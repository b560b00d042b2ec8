"""Before a visit: ten seconds of reading, the patient's questions, and the same on paper."""

from uuid import UUID

from flask import Response, current_app, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from careplan import pdf as printer
from careplan.actions import audit
from careplan.actions import notes as actions
from careplan.db import session
from careplan.domain.own import LONGEST_TEXT, NoteKind, clean
from careplan.domain.team import hours_in_words
from careplan.i18n import lang, local
from careplan.library import Library
from careplan.models import Patient
from careplan.queries import own
from careplan.queries import preparation as queries
from careplan.queries.access import NotVisible, get_patient_for
from careplan.queries.preparation import Preparation
from careplan.queries.team import contact_for
from careplan.web import access
from careplan.web.labels import URGENCIES
from careplan.web.pages import page
from careplan.web.reports import told
from careplan.web.staff import bp


@bp.get("/patienter/<uuid:patient_id>/forbered")
def prepare(patient_id: UUID) -> str:
    """The gravest answers, what is new, what the patient wants and asks, and what is agreed."""
    db, by, at = session(), access.actor(), access.now()
    patient = get_patient_for(db, by, patient_id, at=at)
    found = _found(patient)
    audit.record(
        db, "read-preparation", by=by, at=at, patient_id=patient_id, object_type="patient", object_id=patient_id
    )
    return page(
        "staff/prepare.html",
        patient=patient,
        ready=found,
        reports=told(found.reports, at),
        urgency_words=URGENCIES,
        longest=LONGEST_TEXT,
        today=local(at).date(),
        now=at,
    )


@bp.get("/patienter/<uuid:patient_id>/forbered.pdf")
def prepare_pdf(patient_id: UUID) -> ResponseReturnValue:
    """The same on paper. What is read is logged and stored before the slow work begins."""
    db, by, at = session(), access.actor(), access.now()
    patient = get_patient_for(db, by, patient_id, at=at)
    found = _found(patient)
    contact = contact_for(db, patient_id, by.unit_id, at=at)
    audit.record(
        db, "print-preparation", by=by, at=at, patient_id=patient_id, object_type="patient", object_id=patient_id
    )
    db.commit()
    before, between, after = _("Sidan %(page)s av %(pages)s", page="\ufffc", pages="\ufffc").split("\ufffc")
    g.rendering = True
    try:
        html = current_app.jinja_env.get_template("pdf/preparation.html").render(
            title=_("Inför besöket"),
            size="14",
            lang=lang(),
            patient=patient,
            contact=contact,
            hours=hours_in_words(contact.hours, lang()),
            page_words=(before, between, after),
            ready=found,
            reports=told(found.reports, at),
            urgency_words=URGENCIES,
            today=local(at).date(),
            at=at,
        )
    finally:
        g.rendering = False
    answer = Response(printer.render(html), mimetype="application/pdf")
    answer.headers.set("Content-Disposition", "attachment", filename=_("infor-besoket.pdf"))
    return answer


@bp.post("/fragor/<uuid:note_id>/svar")
def answer_question(note_id: UUID) -> ResponseReturnValue:
    """The patient got an answer at the visit; a sentence of it may stand for the patient to read."""
    db, by, at = session(), access.actor(), access.now()
    question = own.get_note_for(db, by, note_id, at=at)
    if question.kind is not NoteKind.QUESTION:
        raise NotVisible("note", note_id)
    text = clean(request.form.get("answer"))
    back = redirect(url_for("staff.prepare", patient_id=question.patient_id), 303)
    if len(text) > LONGEST_TEXT:
        flash(_("Svaret får ha högst 2 000 tecken. Inget är sparat."))
        return back
    actions.answer(db, question, text=text, by=by, at=at)
    db.commit()
    flash(_("Sparat. Patienten ser att frågan är besvarad."))
    return back


def _found(patient: Patient) -> Preparation:
    library: Library = current_app.extensions["library"]
    return queries.preparation(session(), access.actor(), library, patient.id, at=access.now(), lang=lang())
