"""What the patient was offered and said: a contact nurse, and a care plan."""

from uuid import UUID

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from careplan.actions import audit
from careplan.actions.offers import Said, record_offers
from careplan.db import session
from careplan.queries.access import get_patient_for
from careplan.queries.offers import offers as standing
from careplan.web import access
from careplan.web.pages import page
from careplan.web.staff import bp
from careplan.web.staff.patients import PLANNERS

NURSE = {Said.ACCEPTED: lazy_gettext("Tackade ja"), Said.DECLINED: lazy_gettext("Tackade nej")}
PLAN = NURSE | {Said.LATER: lazy_gettext("Vill vänta")}


@bp.route("/patienter/<uuid:patient_id>/erbjudanden", methods=["GET", "POST"])
def offers(patient_id: UUID) -> ResponseReturnValue:
    db, by, at = session(), access.actor(), access.now()
    asked = get_patient_for(db, by, patient_id, at=at)
    if by.capacity not in PLANNERS or by.unit_id is None:
        abort(404)
    mistake = ""
    if request.method == "POST":
        nurse, plan = request.form.get("nurse", ""), request.form.get("plan", "")
        if not nurse and not plan:
            mistake = _("Välj minst ett svar.")
        elif nurse not in {"", *NURSE} or plan not in {"", *PLAN}:
            mistake = _("Det svaret finns inte. Välj igen.")
        else:
            record_offers(
                db, asked, nurse=Said(nurse) if nurse else None, plan=Said(plan) if plan else None, by=by, at=at
            )
            db.commit()
            flash(_("Sparat."))
            return redirect(url_for("staff.offers", patient_id=patient_id), 303)
    found = standing(db, patient_id, by.unit_id)
    audit.record(db, "read-patient", by=by, at=at, patient_id=asked.id, object_type="patient", object_id=asked.id)
    body = page(
        "staff/offers.html", patient=asked, standing=found, nurse_words=NURSE, plan_words=PLAN, mistake=mistake, now=at
    )
    return body, 422 if mistake else 200
