"""Help to tell a patient of, by the areas where there is a need."""

from uuid import UUID

from flask import current_app

from careplan.actions import audit
from careplan.db import session
from careplan.domain.resources import by_area, offered
from careplan.queries.access import get_patient_for
from careplan.queries.support import support_for
from careplan.web import access
from careplan.web.labels import AREAS
from careplan.web.pages import page
from careplan.web.staff import bp


@bp.get("/patienter/<uuid:patient_id>/stod")
def resources(patient_id: UUID) -> str:
    """The same offers that the patient reads, the areas of the last assessment first."""
    db, by, at = session(), access.actor(), access.now()
    patient = get_patient_for(db, by, patient_id, at=at)
    support = support_for(db, by, patient_id, at=at)
    audit.record(db, "read-needs", by=by, at=at, patient_id=patient_id, object_type="patient", object_id=patient_id)
    library = current_app.extensions["resources"]
    return page(
        "staff/resources.html",
        patient=patient,
        areas=by_area(offered(library.offers, region=support.region), support.areas),
        own=frozenset(support.areas),
        area_words=AREAS,
        region=library.regions.get(support.region, ""),
    )
