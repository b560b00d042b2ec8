"""That a patient has died, and taking it back where it was a mistake."""

from uuid import UUID

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms.validators import InputRequired

from careplan.actions import audit, deaths
from careplan.db import session
from careplan.queries.access import get_patient_for
from careplan.web import access
from careplan.web.fields import PartsDateField
from careplan.web.pages import page
from careplan.web.staff import bp
from careplan.web.staff.patients import PLANNERS


class DeathForm(FlaskForm):
    on = PartsDateField(lazy_gettext("Vilken dag?"), validators=[InputRequired(lazy_gettext("Skriv dagen."))])


@bp.route("/patienter/<uuid:patient_id>/avliden", methods=["GET", "POST"])
def death(patient_id: UUID) -> ResponseReturnValue:
    db, by, at = session(), access.actor(), access.now()
    patient = get_patient_for(db, by, patient_id, at=at)
    if by.capacity not in PLANNERS:
        abort(404)
    form = DeathForm()
    if request.method == "POST" and request.form.get("do") == "back":
        deaths.take_back_death(db, patient, by=by, at=at)
        db.commit()
        flash(_("Det är ändrat. Planen gäller igen."))
        return redirect(url_for("staff.patient", patient_id=patient.id), 303)
    if form.validate_on_submit() and form.on.data is not None:
        try:
            deaths.record_death(db, patient, on=form.on.data, by=by, at=at)
        except deaths.DeathInTheFuture:
            form.on.errors = [_("Dagen har inte varit än.")]
        else:
            db.commit()
            flash(_("Det är inskrivet. Inga frågor eller påminnelser skickas mer."))
            return redirect(url_for("staff.patient", patient_id=patient.id), 303)
    audit.record(db, "read-patient", by=by, at=at, patient_id=patient.id, object_type="patient", object_id=patient.id)
    body = page("staff/death.html", patient=patient, form=form)
    return body, 422 if form.errors else 200
