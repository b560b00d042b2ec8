"""The patient reads who has seen what."""

from flask import request

from careplan.actions import audit
from careplan.db import session
from careplan.domain.identity import Capacity
from careplan.queries import log
from careplan.queries.access import NotVisible
from careplan.web import access
from careplan.web.log_words import in_words
from careplan.web.pages import page
from careplan.web.patient import bp


@bp.get("/logg")
def access_log() -> str:
    """Newest first, fifty at a time; the reading of the log stands in the log."""
    db, by, at = session(), access.actor(), access.now()
    if by.capacity is not Capacity.PATIENT or by.patient_id is None:
        raise NotVisible("log", "own")
    rows = log.events_about(db, by.patient_id, before=request.args.get("fore", type=int))
    audit.record(db, "read-log", by=by, at=at, patient_id=by.patient_id, object_type="log")
    shown, more = rows[: log.PAGE], len(rows) > log.PAGE
    return page("patient/access_log.html", rows=[(row, in_words(row.action)) for row in shown], more=more)
