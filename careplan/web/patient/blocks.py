"""The patient's blocks: what they mean, which ones hold, and who has opened one."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from careplan.actions import audit
from careplan.actions import blocks as actions
from careplan.db import session
from careplan.domain.identity import Capacity
from careplan.queries import blocks as queries
from careplan.web import access
from careplan.web.pages import page
from careplan.web.patient import bp
from careplan.web.sentences import sentence_for

ALL = "all"


@bp.route("/sparrar", methods=["GET", "POST"])
def blocks() -> ResponseReturnValue:
    """Hide what one unit has written from another one, or from all others."""
    db, by, at = session(), access.actor(), access.now()
    if by.capacity is not Capacity.PATIENT or by.patient_id is None:
        raise NotFound
    errors: dict[str, str] = {}
    if request.method == "POST":
        unit, barred = _uuid("unit"), request.form.get("barred", "")
        if unit is None:
            errors["unit"] = _("Välj vems uppgifter du vill spärra.")
        if barred != ALL and _uuid("barred") is None:
            errors["barred"] = _("Välj vilka som inte ska få se dem.")
        if not errors and unit is not None:
            try:
                actions.block(
                    db,
                    patient_id=by.patient_id,
                    unit_id=unit,
                    barred_id=None if barred == ALL else _uuid("barred"),
                    by=by,
                    at=at,
                )
            except actions.UnknownUnit as error:
                errors["barred"] = sentence_for(error)
            else:
                db.commit()
                flash(_("Spärren gäller nu. Du kan häva den när du vill."))
                return redirect(url_for("patient.blocks"), 303)
    audit.record(db, "read-blocks", by=by, at=at, patient_id=by.patient_id, object_type="block")
    body = page(
        "patient/blocks.html",
        standing=queries.standing(db, by.patient_id, at=at),
        openings=queries.openings(db, by.patient_id),
        caring=[(str(unit.id), unit.name) for unit in queries.caring_units(db, by.patient_id)],
        others=[
            (ALL, _("Alla andra enheter")),
            *((str(each.id), each.name) for each in queries.other_units(db, at=at)),
        ],
        sent=request.form,
        errors=errors,
        now=at,
    )
    return body, 422 if errors else 200


@bp.post("/sparrar/<uuid:block_id>/hav")
def lift_block(block_id: UUID) -> ResponseReturnValue:
    """It ends at once."""
    db, by, at = session(), access.actor(), access.now()
    if by.capacity is not Capacity.PATIENT:
        raise NotFound
    actions.lift(db, queries.get_block_for(db, by, block_id), by=by, at=at)
    db.commit()
    flash(_("Spärren är hävd."))
    return redirect(url_for("patient.blocks"), 303)


def _uuid(name: str) -> UUID | None:
    try:
        return UUID(request.form.get(name, ""))
    except ValueError:
        return None
