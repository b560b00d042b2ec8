"""How the patient wants to be told that there is something new."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from careplan.actions import audit, reaching
from careplan.db import session
from careplan.domain.identity import Capacity
from careplan.domain.reachable import LONGEST_ADDRESS, LONGEST_NUMBER, Unreachable
from careplan.models import Patient
from careplan.web import access
from careplan.web.pages import page
from careplan.web.patient import bp

LONGEST = {"email": LONGEST_ADDRESS, "sms": LONGEST_NUMBER}


@bp.route("/besked", methods=["GET", "POST"])
def told() -> ResponseReturnValue:
    """One's own choice alone: nobody chooses for another."""
    db, by, at = session(), access.actor(), access.now()
    if by.capacity is not Capacity.PATIENT or by.patient_id is None:
        raise NotFound
    patient = db.get_one(Patient, by.patient_id)
    errors: dict[str, str] = {}
    channel = request.form.get("channel", patient.notify_by)
    if request.method == "POST":
        to = request.form.get(channel, "") if channel in LONGEST else ""
        try:
            if len(to) > LONGEST.get(channel, 0):
                raise Unreachable(channel)
            reaching.choose_channel(db, patient, channel, to=to, by=by, at=at)
        except Unreachable as error:
            errors = _unreachable(error.channel)
        else:
            db.commit()
            flash(_("Ditt val är sparat."))
            return redirect(url_for("patient.told"), 303)
    audit.record(db, "read-home", by=by, at=at, patient_id=by.patient_id, object_type="channel")
    body = page(
        "patient/told.html",
        channel=channel,
        email=request.form.get("email", patient.person.email),
        phone=request.form.get("sms", patient.person.phone),
        errors=errors,
    )
    return body, 422 if errors else 200


def _unreachable(channel: str) -> dict[str, str]:
    if channel == "email":
        return {"email": _("Skriv en e-postadress, till exempel namn@exempel.se.")}
    if channel == "sms":
        return {"sms": _("Skriv ett mobilnummer, till exempel 070-174 06 05.")}
    return {"channel": _("Välj hur du vill få besked.")}
