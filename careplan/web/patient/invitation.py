"""A relative with a code: who invites, to what, and accepting it as oneself."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from careplan.actions import audit, invitations
from careplan.actions.login import TooManyAttempts
from careplan.db import session
from careplan.web import access
from careplan.web.pages import page
from careplan.web.patient import bp
from careplan.web.sentences import sentence_for


class CodeForm(FlaskForm):
    code = StringField(
        lazy_gettext("Koden du har fått"),
        description=lazy_gettext("10 tecken, till exempel 7Q4K2-M9XAB."),
        validators=[InputRequired(lazy_gettext("Skriv koden.")), Length(max=40)],
        render_kw={"autocomplete": "off"},
    )


@bp.route("/inbjudan", methods=["GET", "POST"])
def invitation() -> ResponseReturnValue:
    """First the code alone, which tells what is offered; then the same code with a yes."""
    db, by, at = session(), access.actor(), access.now()
    form = CodeForm()
    if not form.validate_on_submit():
        return page("patient/invitation.html", form=form, found=None, now=at), 422 if form.errors else 200
    try:
        found = invitations.find(db, code=form.code.data or "", address=request.remote_addr or "", by=by, at=at)
    except (invitations.InvitationRefused, TooManyAttempts) as error:
        db.commit()  # the attempt is counted
        form.code.errors = [sentence_for(error)]
        status = 429 if isinstance(error, TooManyAttempts) else 422
        return page("patient/invitation.html", form=form, found=None, now=at), status
    if "accept" in request.form:
        invitations.accept(db, found, by=by, at=at)
        db.commit()
        flash(_("Klart. Du ser nu det som %(name)s delar med dig.", name=found.patient.person.given_name))
        return redirect(url_for("patient.home"), 303)
    audit.record(
        db,
        "read-invitation",
        by=by,
        at=at,
        patient_id=found.patient_id,
        object_type="invitation",
        object_id=found.id,
    )
    return page(
        "patient/invitation.html",
        form=form,
        found=found,
        inviter=found.patient.person.name,
        words=[words for scope, words in OFFERED.items() if scope in found.scopes],
        now=at,
    )


# The same rights as in the patient's form, said to the one who gets them.
OFFERED = {
    "plan": lazy_gettext("Läsa planen och målen"),
    "answers": lazy_gettext("Läsa svaren på frågor"),
    "documents": lazy_gettext("Skriva ut planen"),
    "help": lazy_gettext("Hjälpa till att svara på frågor"),
    "messages": lazy_gettext("Läsa och skriva meddelanden till vården"),
    "sensitive": lazy_gettext("Även frågor som är extra privata"),
}
