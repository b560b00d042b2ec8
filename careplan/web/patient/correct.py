"""Correcting what was sent: the answers opened again, and left as they were."""

from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from careplan.actions import responses
from careplan.db import session
from careplan.queries import answers as answer_queries
from careplan.queries.access import NotVisible, get_draft_for, scopes_for
from careplan.web import access
from careplan.web.patient import bp


@bp.post("/svar/<uuid:response_id>/ratta")
def correct(response_id: UUID) -> ResponseReturnValue:
    """Open the sent answers as a draft; what was sent stands until the correction is sent."""
    db, by, at = session(), access.actor(), access.now()
    response = answer_queries.get_receipt_for(db, by, response_id, at=at)
    if "help" not in scopes_for(db, by, response, at=at):
        raise NotVisible("response", response_id)
    until = answer_queries.correction_ends(db, response)
    draft = responses.correct(db, response, until=until, by=by, at=at)
    db.commit()
    return redirect(url_for("patient.review", draft_id=draft.id), 303)


@bp.post("/fragor/<uuid:draft_id>/angra")
def drop_correction(draft_id: UUID) -> ResponseReturnValue:
    """What was sent stands after all."""
    db, by, at = session(), access.actor(), access.now()
    draft = get_draft_for(db, by, draft_id, at=at)
    responses.drop_correction(db, draft, by=by, at=at)
    db.commit()
    flash(_("Rättelsen är borttagen. Svaren du skickade gäller."))
    return redirect(url_for("patient.home"), 303)
