"""What the patient has hidden from this unit: that it is there, and how to open it in an emergency."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from careplan.actions import audit
from careplan.actions import blocks as actions
from careplan.db import session
from careplan.i18n import oclock
from careplan.queries import blocks as queries
from careplan.queries.access import get_patient_for
from careplan.web import access
from careplan.web.pages import page
from careplan.web.sentences import SENTENCES, sentence_for
from careplan.web.staff import bp
from careplan.web.staff.handovers import LONGEST_WORDS, wrong_words
from careplan.web.staff.patients import planners_only


@bp.route("/patienter/<uuid:patient_id>/sparr", methods=["GET", "POST"])
def block(patient_id: UUID) -> ResponseReturnValue:
    """That something is blocked, and opening it with a reason: for one person, for some hours."""
    planners_only()
    db, by, at = session(), access.actor(), access.now()
    patient = get_patient_for(db, by, patient_id, at=at)
    error, status = "", 200
    words = request.form.get("reason", "").strip()
    if request.method == "POST" and len(words) > LONGEST_WORDS:
        error, status = wrong_words(words), 422
    elif request.method == "POST":
        try:
            opened = actions.open_in_emergency(db, patient.id, reason=words, by=by, at=at)
        except (actions.MissingEmergency, actions.NothingBlocked) as refused:
            error, status = sentence_for(refused), SENTENCES[type(refused)](refused)[0]
        else:
            db.commit()
            until = oclock(opened.until_at)
            flash(_("Öppet för dig till %(time)s. Patienten ser att du öppnade, och varför.", time=until))
            return redirect(url_for("staff.patient", patient_id=patient.id), 303)
    audit.record(db, "read-blocks", by=by, at=at, patient_id=patient.id, object_type="patient", object_id=patient.id)
    body = page(
        "staff/block.html",
        patient=patient,
        is_hidden=queries.is_hidden_from(db, by, patient.id, at=at),
        until=queries.opened_until(db, by, patient.id, at=at),
        hours=int(actions.OPEN_FOR.total_seconds() // 3600),
        typed=words,
        error=error,
        longest=LONGEST_WORDS,
        now=at,
    )
    return body, status
