"""The treatment summary as the patient, or a relative with the right to, reads it."""

from careplan.actions import audit
from careplan.db import session
from careplan.domain.identity import Capacity
from careplan.queries import treatment_summary as summaries
from careplan.queries.access import NotVisible, scopes_of
from careplan.web import access
from careplan.web.pages import page
from careplan.web.patient import bp
from careplan.web.treatment_summary import missing_in_words, rows


@bp.get("/sammanfattning")
def treatment_summary() -> str:
    """What is signed last; before that, what it will be."""
    db, by, at = session(), access.actor(), access.now()
    scopes = scopes_of(db, by, at=at)
    if "plan" not in scopes or by.patient_id is None:
        raise NotVisible("treatment-summary", "own")
    signed = summaries.of_patient(db, by, by.patient_id, at=at)
    if signed is not None:
        audit.record(
            db,
            "read-treatment-summary",
            by=by,
            at=at,
            patient_id=by.patient_id,
            object_type="plan",
            object_id=signed.plan_id,
        )
    return page(
        "patient/treatment_summary.html",
        signed=signed,
        rows=rows(signed.content["parts"]) if signed else [],
        missing=missing_in_words(signed.content["missing"]) if signed else "",
        is_own=by.capacity is Capacity.PATIENT,
        may_print="documents" in scopes,
    )
