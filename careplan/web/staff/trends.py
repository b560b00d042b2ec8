"""A patient's answers over time, as the nurse reads them before a talk."""

from uuid import UUID

from flask import current_app

from careplan.actions import audit
from careplan.db import session
from careplan.domain.questionnaire import text_in
from careplan.i18n import lang
from careplan.library import Library
from careplan.queries import trends as trend_queries
from careplan.queries.access import get_patient_for
from careplan.web import access
from careplan.web.pages import page
from careplan.web.staff import bp
from careplan.web.trend_cards import card


@bp.get("/patienter/<uuid:patient_id>/svar")
def trends(patient_id: UUID) -> str:
    """Each question and score that was answered more than once with its chart, in the order of the forms."""
    db, by, at = session(), access.actor(), access.now()
    patient = get_patient_for(db, by, patient_id, at=at)
    found = trend_queries.trends(db, by, patient_id, at=at)
    events = trend_queries.plan_events(db, by, patient_id, at=at)
    audit.record(db, "read-trends", by=by, at=at, patient_id=patient_id, object_type="patient", object_id=patient_id)
    library: Library = current_app.extensions["library"]
    return page(
        "staff/trends.html",
        patient=patient,
        cards=[card(trend, events) for trend in found if trend.direction is not None],
        once=[trend for trend in found if trend.direction is None],
        titles={each.id: text_in(each.title, lang()) for each in library.questionnaires.values()},
    )
