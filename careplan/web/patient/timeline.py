"""The calendar: visits, events and days of one's own; what is written here is read by the care team, too."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from careplan.actions import audit
from careplan.actions import calendar as actions
from careplan.db import session
from careplan.domain.identity import Capacity
from careplan.domain.sharing import VISITS
from careplan.domain.team import Contact
from careplan.models import Patient
from careplan.queries import own
from careplan.queries import timeline as queries
from careplan.queries.access import NotVisible, get_patient_for, may_read_part, scopes_of
from careplan.queries.home import contact_of
from careplan.web import access
from careplan.web.calendar import DayForm, lines
from careplan.web.pages import page
from careplan.web.patient import bp


@bp.route("/tider", methods=["GET", "POST"])
def timeline() -> ResponseReturnValue:
    """What is coming, the next first; then what has been. One's own days are added here."""
    db, by, at = session(), access.actor(), access.now()
    patient = _patient()
    contact = _writes_to(patient)
    form = DayForm()
    if request.method == "POST":
        if contact is None:
            raise NotVisible("own-event", "new")
        if form.validate_on_submit():
            actions.add(db, form.day, key=form.page_key, patient_id=patient.id, unit_id=contact.unit_id, by=by, at=at)
            db.commit()
            flash(_("Sparat. Det står bland tiderna."))
            return redirect(url_for("patient.timeline"), 303)
    found = queries.timeline(db, by, patient.id, at=at)
    audit.record(db, "read-timeline", by=by, at=at, patient_id=patient.id, object_type="patient", object_id=patient.id)
    form.fresh()
    body = page(
        "patient/timeline.html",
        form=form,
        visit=found.next_visit,
        coming=lines(found.coming, by),
        past=lines(found.past, by),
        contact=contact,
        given_name=patient.person.given_name,
        is_own=by.capacity is Capacity.PATIENT,
        now=at,
    )
    return body, 422 if form.errors else 200


@bp.route("/tider/<uuid:event_id>", methods=["GET", "POST"])
def own_event(event_id: UUID) -> ResponseReturnValue:
    """Change a day of one's own, or take it away."""
    db, by, at = session(), access.actor(), access.now()
    _patient()
    event = own.get_own_event_for(db, by, event_id, at=at)
    form = DayForm().fill(event)
    if request.method == "POST" and "remove" in request.form:
        actions.remove(db, event, by=by, at=at)
        db.commit()
        flash(_("Borttaget."))
        return redirect(url_for("patient.timeline"), 303)
    if form.validate_on_submit():
        actions.change(db, event, form.day, by=by, at=at)
        db.commit()
        flash(_("Ändringen är sparad."))
        return redirect(url_for("patient.timeline"), 303)
    audit.record(
        db, "read-timeline", by=by, at=at, patient_id=event.patient_id, object_type="own-event", object_id=event.id
    )
    return page("patient/own_event.html", form=form, event=event), 422 if form.errors else 200


def _patient() -> Patient:
    """One's own record, or that of the person who shares the plan's times."""
    db, by, at = session(), access.actor(), access.now()
    if by.patient_id is None or "plan" not in scopes_of(db, by, at=at) or not may_read_part(db, by, VISITS, at=at):
        raise NotVisible("timeline", "own")
    return get_patient_for(db, by, by.patient_id, at=at)


def _writes_to(patient: Patient) -> Contact | None:
    """The unit that reads what is written; None for a relative who may only read, and where nobody gives care."""
    db, by, at = session(), access.actor(), access.now()
    if "help" not in scopes_of(db, by, at=at):
        return None
    return contact_of(db, patient.id, at=at)
