"""The code that opens one form on the clinic's tablet."""

from uuid import UUID

from flask import current_app, request, url_for

from careplan.actions import audit, kiosk
from careplan.actions.questionnaires import check_licensed
from careplan.db import session
from careplan.domain.questionnaire import text_in
from careplan.i18n import lang
from careplan.queries import answers as answer_queries
from careplan.queries.access import NotVisible, get_request_for
from careplan.web import access
from careplan.web.pages import page
from careplan.web.staff import bp


@bp.route("/formular/<uuid:request_id>/surfplatta", methods=["GET", "POST"])
def tablet_code(request_id: UUID) -> str:
    """A new code, shown this once; sent again, it is another one, and the one before has ended. To look makes none."""
    db, by, at = session(), access.actor(), access.now()
    asked = get_request_for(db, by, request_id, at=at)
    if asked.corrects_id is not None:
        raise NotVisible("request", request_id)  # a correction is the patient's own matter
    form = answer_queries.questionnaire(db, asked.content_hash)
    check_licensed(db, form, asked.unit_id)
    if request.method == "POST":
        made = kiosk.make_code(db, asked, by=by, at=at)
    else:
        made = None
        audit.record(
            db, "read-request", by=by, at=at, patient_id=asked.patient_id, object_type="request", object_id=request_id
        )
    return page(
        "staff/tablet_code.html",
        asked=asked,
        patient=asked.patient,
        title=text_in(form.title, lang()),
        made=made,
        digits=f"{made.digits[:4]}\u00a0{made.digits[4:]}" if made else "",
        address=_address(),
    )


def _address() -> str:
    """As it is typed on the tablet."""
    base: str = current_app.extensions["settings"].base_url
    return base.rstrip("/").partition("://")[2] + url_for("kiosk.code")
