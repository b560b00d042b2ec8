"""One unit for the administrator: whom its provider calls, and the end of it."""

from uuid import UUID

from flask import current_app, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import Length, Optional, Regexp

from careplan.actions import audit, staffing
from careplan.db import session
from careplan.domain.identity import Capacity
from careplan.i18n import local
from careplan.models import Unit
from careplan.queries.access import NotVisible
from careplan.queries.staffing import unit_of
from careplan.web import access
from careplan.web.manage import bp
from careplan.web.pages import page


class OnCallForm(FlaskForm):
    on_call_email = StringField(
        lazy_gettext("E-post till den som har jour"),
        description=lazy_gettext("Dit går larm när ingen är på plats. Gäller alla vårdgivarens mottagningar."),
        validators=[
            Optional(),
            Length(max=200, message=lazy_gettext("Skriv högst 200 tecken.")),
            Regexp(r"^[^@\s]+@[^@\s]+\.[^@\s]+$", message=lazy_gettext("Skriv en e-postadress, som jour@exempel.se.")),
        ],
        render_kw={"inputmode": "email"},
    )


@bp.route("/enheter/<uuid:unit_id>", methods=["GET", "POST"])
def unit(unit_id: UUID) -> ResponseReturnValue:
    db, by, at = session(), access.actor(), access.now()
    found = _unit(unit_id)
    form = OnCallForm(data={"on_call_email": found.provider.on_call_email})
    if form.validate_on_submit():
        staffing.set_on_call(db, found.provider, email=(form.on_call_email.data or "").strip(), by=by, at=at)
        db.commit()
        flash(_("Adressen är sparad."))
        return redirect(url_for("manage.unit", unit_id=unit_id), 303)
    audit.record(db, "read-unit", by=by, at=at, object_type="unit", object_id=unit_id)
    is_closed = found.closed_on is not None and found.closed_on <= local(at).date()
    regions = [("", _("Ingen vald")), *current_app.extensions["resources"].regions.items()]
    shown = page(
        "manage/unit.html", unit=found, provider=found.provider, form=form, is_closed=is_closed, regions=regions
    )
    return shown, 422 if form.errors else 200


@bp.post("/enheter/<uuid:unit_id>/stang")
def close_unit(unit_id: UUID) -> ResponseReturnValue:
    """No more from today on; its open tasks go where somebody is."""
    db, by, at = session(), access.actor(), access.now()
    found = _unit(unit_id)
    staffing.close_unit(db, found, by=by, at=at)
    db.commit()
    flash(_("%(unit)s är stängd. Det som var öppet där står på vårdgivarens lista.", unit=found.name))
    return redirect(url_for("manage.units"), 303)


def _unit(unit_id: UUID) -> Unit:
    found = None
    if access.actor().capacity is Capacity.ADMINISTRATOR:
        found = unit_of(session(), unit_id)
    if found is None:
        raise NotVisible("unit", unit_id)
    return found
