"""What the unit tells its patients about itself, filled in where their plans ask for it."""

from flask import current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm

from careplan.actions import audit, unit_facts
from careplan.db import session
from careplan.domain.plan import UNIT_FACTS
from careplan.i18n import name_of
from careplan.library import Library
from careplan.models import Unit
from careplan.web import access
from careplan.web.manage import bp, own_unit
from careplan.web.pages import page

LABELS = {
    "entrance": (
        lazy_gettext("Hitta hit"),
        lazy_gettext("Till exempel: Gå in genom ingång B. Ta hissen till plan 3."),
    ),
    "parking": (lazy_gettext("Parkering"), lazy_gettext("Till exempel: Parkera på P2. Det kostar 10 kronor i timmen.")),
    "transport": (lazy_gettext("Resor"), lazy_gettext("Buss, och hur man ordnar sjukresa.")),
    "wards": (lazy_gettext("Avdelningar"), lazy_gettext("Vad de heter och var de ligger.")),
    "visiting": (lazy_gettext("Besökstider"), lazy_gettext("När det går bra att hälsa på.")),
    "website": (lazy_gettext("Webbplats"), lazy_gettext("Adressen, så som man skriver den.")),
}


@bp.route("/verksamhet/om-mottagningen", methods=["GET", "POST"])
def facts() -> ResponseReturnValue:
    """One text for each fact and language; an empty one is left out of the plans."""
    db, by, at = session(), access.actor(), access.now()
    unit = db.get_one(Unit, own_unit(by))
    languages = _languages()
    told = {code: {name: unit.facts.get(code, {}).get(name, "") for name in UNIT_FACTS} for code in languages}
    form = FlaskForm()
    errors: dict[str, str] = {}
    if form.is_submitted():
        told = {
            code: {name: request.form.get(f"{name}-{code}", told[code][name]) for name in UNIT_FACTS}
            for code in languages
        }
        errors = {
            f"{name}-{code}": _("Skriv högst 500 tecken.")
            for code in languages
            for name, text in told[code].items()
            if len(" ".join(text.split())) > unit_facts.LONGEST
        }
        if form.validate() and not errors:
            is_new = unit_facts.write(db, unit, told, by=by, at=at)
            db.commit()
            flash(_("Sparat.") if is_new else _("Inget är ändrat."))
            return redirect(url_for("manage.facts"), 303)
    audit.record(db, "read-unit-facts", by=by, at=at, object_type="unit", object_id=unit.id)
    shown = page(
        "manage/facts.html",
        unit_name=unit.name,
        told=told,
        names=UNIT_FACTS,
        labels=LABELS,
        languages=[(code, name_of(code)) for code in languages],
        errors=errors,
    )
    return shown, 422 if errors else 200


def _languages() -> list[str]:
    """Those that plans are written in, Swedish first."""
    library: Library = current_app.extensions["library"]
    return sorted({code for _id, code in library.plans}, key=lambda code: (code != "sv", code))
