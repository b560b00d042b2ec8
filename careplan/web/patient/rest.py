"""A pause from the questions, for as long as the patient says, and back again."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.exceptions import NotFound

from careplan.actions import audit, pauses
from careplan.db import session
from careplan.domain.identity import Capacity
from careplan.domain.reminders import PauseReason
from careplan.i18n import full_day
from careplan.queries.home import contact_of
from careplan.queries.pauses import standing_pause
from careplan.web import access
from careplan.web.pages import page
from careplan.web.patient import bp

LENGTHS = {
    "two-weeks": lazy_gettext("Två veckor"),
    "month": lazy_gettext("En månad"),
    "three-months": lazy_gettext("Tre månader"),
}
REASONS = {
    PauseReason.TIRED: lazy_gettext("Jag orkar inte just nu"),
    PauseReason.AWAY: lazy_gettext("Jag är borta"),
    PauseReason.TOO_OFTEN: lazy_gettext("Frågorna kommer för ofta"),
    PauseReason.UNWANTED: lazy_gettext("Jag vill inte svara på frågor"),
    PauseReason.OTHER: lazy_gettext("Annat"),
}


@bp.route("/paus", methods=["GET", "POST"])
def rest() -> ResponseReturnValue:
    db, by, at = session(), access.actor(), access.now()
    if by.capacity is not Capacity.PATIENT or by.patient_id is None:
        raise NotFound
    contact = contact_of(db, by.patient_id, at=at)
    if contact is None:
        raise NotFound
    errors: dict[str, str] = {}
    if request.method == "POST" and request.form.get("do") == "resume":
        pauses.resume(db, by=by, at=at)
        db.commit()
        flash(_("Pausen är slut. Frågorna kommer som förut."))
        return redirect(url_for("patient.home"), 303)
    if request.method == "POST":
        if request.form.get("length") not in LENGTHS:
            errors["length"] = _("Välj hur länge pausen ska vara.")
        if request.form.get("reason") not in set(PauseReason):
            errors["reason"] = _("Välj varför du vill ha en paus.")
        if len(request.form.get("words", "")) > pauses.LONGEST_WORDS:
            errors["words"] = _("Skriv högst %(most)s tecken.", most=pauses.LONGEST_WORDS)
        if not errors:
            taken = pauses.pause(
                db,
                length=request.form["length"],
                reason=request.form["reason"],
                words=request.form.get("words", ""),
                contact=contact,
                by=by,
                at=at,
            )
            db.commit()
            flash(
                _(
                    "Frågorna är pausade till och med %(day)s. %(name)s får veta det.",
                    day=full_day(taken.until_on),
                    name=contact.answers_name,
                )
            )
            return redirect(url_for("patient.home"), 303)
    audit.record(db, "read-home", by=by, at=at, patient_id=by.patient_id, object_type="pause")
    body = page(
        "patient/rest.html",
        standing=standing_pause(db, by.patient_id, at=at),
        contact=contact,
        lengths=LENGTHS,
        reasons=REASONS,
        sent=request.form,
        errors=errors,
    )
    return body, 422 if errors else 200
