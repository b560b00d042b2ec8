"""The region of a unit: whose help its patients are told of."""

from uuid import UUID

from flask import current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from careplan.actions import people
from careplan.db import session
from careplan.domain.identity import Capacity
from careplan.queries.access import NotVisible
from careplan.queries.staffing import unit_of
from careplan.web import access
from careplan.web.manage import bp


@bp.post("/enheter/<uuid:unit_id>/region")
def unit_region(unit_id: UUID) -> ResponseReturnValue:
    """One of the regions that there are, or none; anything else is told, and nothing is changed."""
    db, by, at = session(), access.actor(), access.now()
    found = unit_of(db, unit_id) if by.capacity is Capacity.ADMINISTRATOR else None
    if found is None:
        raise NotVisible("unit", unit_id)
    region = request.form.get("region", "")
    if region and region not in current_app.extensions["resources"].regions:
        flash(_("Den regionen finns inte. Välj igen."))
    else:
        people.set_region(db, found, region, by=by, at=at)
        db.commit()
        flash(_("Regionen är sparad."))
    return redirect(url_for("manage.unit", unit_id=unit_id), 303)
