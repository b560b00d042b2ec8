"""The absences of all of a unit, for its manager: what nobody covers stands first."""

from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from careplan.actions import absences as actions
from careplan.actions import audit
from careplan.db import session
from careplan.queries import absences as calendar
from careplan.web import access
from careplan.web.absence_form import absence_form, is_planned, is_stored
from careplan.web.manage import bp, own_unit
from careplan.web.pages import page


@bp.route("/verksamhet/franvaro", methods=["GET", "POST"])
def absences() -> ResponseReturnValue:
    """Who is away, who covers, and a new absence for anybody at the unit."""
    db, by, at = session(), access.actor(), access.now()
    unit_id = own_unit(by)
    form = absence_form(calendar.seats(db, unit_id, at=at), who_id=None)

    if is_planned(form, unit_id=unit_id, who_id=None):
        return redirect(url_for("manage.absences"), 303)
    planned = calendar.absences(db, unit_id, at=at)
    uncovered = calendar.uncovered(planned, at=at)
    audit.record(db, "list-absences", by=by, at=at, object_type="unit", object_id=unit_id)
    shown = page(
        "manage/absences.html",
        form=form,
        uncovered=uncovered,
        covered=[each for each in planned if each not in uncovered],
        now=at,
    )
    return shown, 422 if form.errors else 200


@bp.route("/verksamhet/franvaro/<uuid:absence_id>", methods=["GET", "POST"])
def absence(absence_id: UUID) -> ResponseReturnValue:
    db, by, at = session(), access.actor(), access.now()
    unit_id = own_unit(by)
    found = calendar.get_absence_for(db, by, absence_id)
    people = calendar.seats(db, unit_id, at=at)
    form = absence_form(people, who_id=found.practitioner_id, absence=found)

    def change() -> None:
        first_on, last_on = form.days
        actions.change(db, found, first_on=first_on, last_on=last_on, cover_id=form.cover_id, by=by, at=at)

    if is_stored(form, change):
        return redirect(url_for("manage.absences"), 303)
    audit.record(db, "read-absence", by=by, at=at, object_type="absence", object_id=absence_id)
    who = next((seat.name for seat in people if seat.id == found.practitioner_id), "")
    return page("manage/absence.html", form=form, absence_id=absence_id, who=who, now=at), 422 if form.errors else 200


@bp.post("/verksamhet/franvaro/<uuid:absence_id>/avsluta")
def end_absence(absence_id: UUID) -> ResponseReturnValue:
    db, by, at = session(), access.actor(), access.now()
    own_unit(by)
    actions.end(db, calendar.get_absence_for(db, by, absence_id), by=by, at=at)
    db.commit()
    flash(_("Frånvaron är avslutad."))
    return redirect(url_for("manage.absences"), 303)
