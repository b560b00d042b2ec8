"""Whether a patient answers on paper or on a screen; what was answered before stays as it is."""

from uuid import UUID

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from careplan.actions import people
from careplan.db import session
from careplan.queries.access import get_patient_for
from careplan.web import access
from careplan.web.staff import bp
from careplan.web.staff.patients import PLANNERS


@bp.post("/patienter/<uuid:patient_id>/svarar-pa")
def medium(patient_id: UUID) -> ResponseReturnValue:
    db, by, at = session(), access.actor(), access.now()
    patient = get_patient_for(db, by, patient_id, at=at)
    wanted = request.form.get("medium", "")
    if by.capacity not in PLANNERS or wanted not in ("paper", "screen"):
        abort(404)
    people.answer_on(db, patient, on_paper=wanted == "paper", by=by, at=at)
    db.commit()
    name = patient.person.given_name
    flash(
        _("%(name)s svarar nu på papper.", name=name)
        if patient.uses_paper
        else _("%(name)s svarar nu på skärm.", name=name)
    )
    return redirect(url_for("staff.patient", patient_id=patient.id), 303)
