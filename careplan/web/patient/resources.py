"""Where to turn for help: by need, by whom it is for, and in the region."""

from flask import current_app, request
from flask_babel import lazy_gettext

from careplan.actions import audit
from careplan.db import session
from careplan.domain.identity import Capacity
from careplan.domain.resources import Audience, by_area, offered
from careplan.queries.access import scopes_of
from careplan.queries.support import Support, support_for
from careplan.web import access
from careplan.web.labels import AREAS
from careplan.web.pages import page
from careplan.web.patient import bp

# What stands in the address, and the word on the page.
FOR = {
    "narstaende": (Audience.RELATIVE, lazy_gettext("Hjälp till närstående")),
    "barn": (Audience.CHILD, lazy_gettext("Hjälp till barn i familjen")),
    "unga": (Audience.YOUNG_ADULT, lazy_gettext("Hjälp till unga vuxna")),
}


@bp.get("/stod")
def resources() -> str:
    """One's own needs first; for one audience it is one short list. What is shown depends on nobody's answers."""
    by, library = access.actor(), current_app.extensions["resources"]
    support = _support()
    chosen = request.args.get("for", "")
    audience = FOR[chosen][0] if chosen in FOR else None
    found = offered(library.offers, region=support.region, audience=audience)
    return page(
        "patient/resources.html",
        heading=FOR[chosen][1] if audience else None,
        chosen=chosen if audience else "",
        audiences=[(key, words) for key, (_audience, words) in FOR.items()],
        offers=found,
        areas=by_area(found, support.areas),
        own=frozenset(support.areas),
        area_words=AREAS,
        region=library.regions.get(support.region, ""),
        is_own=by.capacity is Capacity.PATIENT,
    )


def _support() -> Support:
    """Of the patient whom the reader is or helps; the whole country's offers alone where nothing is shared."""
    db, by, at = session(), access.actor(), access.now()
    if by.patient_id is None or not scopes_of(db, by, at=at):
        return Support()
    support = support_for(db, by, by.patient_id, at=at)
    audit.record(
        db, "read-resources", by=by, at=at, patient_id=by.patient_id, object_type="patient", object_id=by.patient_id
    )
    return support
