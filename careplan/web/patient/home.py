"""The first page: whom to ring, what is next, what to answer, and what is new."""

from careplan.actions import audit
from careplan.db import session
from careplan.domain.identity import Capacity
from careplan.domain.sharing import VISITS
from careplan.i18n import lang
from careplan.queries import handovers
from careplan.queries import home as home_queries
from careplan.queries.access import may_read_part
from careplan.web import access
from careplan.web.pages import page
from careplan.web.patient import bp
from careplan.web.patient.telephone import telephone


@bp.get("/hem")
def home() -> str:
    db, by, at = session(), access.actor(), access.now()
    found = home_queries.home(db, by, at=at)
    if found.scopes:
        audit.record(db, "read-home", by=by, at=at, patient_id=by.patient_id, object_type="patient")
    return page(
        "patient/home.html",
        home=found,
        telephone=telephone(found.contact, at=at) if found.contact else None,
        handing_over=handovers.under_way(db, by.patient_id) if by.patient_id and "plan" in found.scopes else None,
        is_own=by.capacity is Capacity.PATIENT,
        may_see_visits="plan" in found.scopes and may_read_part(db, by, VISITS, at=at),
        text_lang=lang(),
        now=at,
    )
