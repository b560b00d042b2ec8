"""A colleague's own absences: planned, changed, ended; who covers is chosen here."""

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
from careplan.web.pages import page
from careplan.web.staff import bp


@bp.route("/franvaro", methods=["GET", "POST"])
def absences() -> ResponseReturnValue:
    """When I am away, and who answers then; the tasks and the patients' pages follow by themselves."""
    db, by, at = session(), access.actor(), access.now()
    assert by.unit_id is not None and by.practitioner_id is not None
    found = calendar.seats(db, by.unit_id, at=at)
    form = absence_form(found, who_id=by.practitioner_id)

    if is_planned(form, unit_id=by.unit_id, who_id=by.practitioner_id):
        return redirect(url_for("staff.absences"), 303)
    planned = calendar.absences(db, by.unit_id, at=at)
    audit.record(db, "list-absences", by=by, at=at, object_type="unit", object_id=by.unit_id)
    shown = page(
        "staff/absences.html",
        form=form,
        mine=[each for each in planned if each.who_id == by.practitioner_id],
        colleagues=[each for each in planned if each.who_id != by.practitioner_id],
        now=at,
    )
    return shown, 422 if form.errors else 200


@bp.route("/franvaro/<uuid:absence_id>", methods=["GET", "POST"])
def absence(absence_id: UUID) -> ResponseReturnValue:
    """Other days, or another cover."""
    db, by, at = session(), access.actor(), access.now()
    assert by.unit_id is not None
    found = calendar.get_absence_for(db, by, absence_id)
    form = absence_form(calendar.seats(db, by.unit_id, at=at), who_id=found.practitioner_id, absence=found)

    def change() -> None:
        first_on, last_on = form.days
        actions.change(db, found, first_on=first_on, last_on=last_on, cover_id=form.cover_id, by=by, at=at)

    if is_stored(form, change):
        return redirect(url_for("staff.absences"), 303)
    audit.record(db, "read-absence", by=by, at=at, object_type="absence", object_id=absence_id)
    return page("staff/absence.html", form=form, absence_id=absence_id, now=at), 422 if form.errors else 200


@bp.post("/franvaro/<uuid:absence_id>/avsluta")
def end_absence(absence_id: UUID) -> ResponseReturnValue:
    """Back already, or never to be away."""
    db, by, at = session(), access.actor(), access.now()
    actions.end(db, calendar.get_absence_for(db, by, absence_id), by=by, at=at)
    db.commit()
    flash(_("Frånvaron är avslutad."))
    return redirect(url_for("staff.absences"), 303)
