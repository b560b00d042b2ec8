"""The provider's list: what nobody at a unit is there for, and who takes it. Counts and units, never a patient."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectChoice, SelectField, ValidationError

from careplan.actions import audit, routing
from careplan.db import session
from careplan.queries import provider_list as lists
from careplan.web import access
from careplan.web.labels import GROUPS
from careplan.web.manage import bp
from careplan.web.pages import page


class PlaceForm(FlaskForm):
    """Which unit's tasks, and which unit takes them."""

    from_unit = HiddenField()
    to = SelectField(lazy_gettext("Lägg hos"), validate_choice=False)

    def validate_to(self, field: SelectField) -> None:
        if not field.data or field.data not in {str(choice.value) for choice in field.choices or ()}:
            raise ValidationError(_("Välj en mottagning där någon är på plats."))


@bp.route("/verksamhet/vardgivarens-lista", methods=["GET", "POST"])
def provider_list() -> ResponseReturnValue:
    db, by, at = session(), access.actor(), access.now()
    provider_id = lists.provider_of(db, by)
    waiting = lists.waiting(db, provider_id, at=at)
    units = lists.units_with_somebody(db, provider_id, routing.staffed_units(db, at=at))
    form = PlaceForm()
    form.to.choices = [SelectChoice("", _("Välj")), *(SelectChoice(str(unit.id), unit.name) for unit in units)]
    if form.validate_on_submit():
        to = next(unit for unit in units if str(unit.id) == form.to.data)
        chosen = next((each.unit_id for each in waiting if str(each.unit_id) == form.from_unit.data), None)
        count = routing.place(db, from_unit_id=chosen, to=to, by=by, at=at) if chosen else 0
        db.commit()
        flash(
            ngettext(
                "%(num)s uppgift står nu hos %(unit)s.", "%(num)s uppgifter står nu hos %(unit)s.", count, unit=to.name
            )
        )
        return redirect(url_for("manage.provider_list"), 303)
    audit.record(db, "read-provider-list", by=by, at=at, object_type="provider", object_id=provider_id)
    shown = page("manage/provider_list.html", waiting=waiting, form=form, units=units, words=GROUPS, now=at)
    return shown, 422 if form.errors else 200
