"""The patient decides who of the family sees what, and ends it at once."""

from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import SelectChoice, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from careplan.actions import audit, people
from careplan.db import session
from careplan.domain.identity import Capacity, InvalidIdentifier, PersonIdentifier, parse_identifier
from careplan.models import Patient
from careplan.queries import sharing as shares
from careplan.queries.access import NotVisible, get_patient_for
from careplan.web import access
from careplan.web.pages import page
from careplan.web.patient import bp
from careplan.web.sentences import sentence_for

SCOPES = [
    ("plan", lazy_gettext("Läsa min plan och mina mål")),
    ("answers", lazy_gettext("Läsa mina svar")),
    ("documents", lazy_gettext("Skriva ut min plan")),
    ("help", lazy_gettext("Hjälpa mig att svara på frågor")),
    ("messages", lazy_gettext("Läsa och skriva meddelanden till vården åt mig")),
    ("sensitive", lazy_gettext("Även frågor om sex och annat som är extra privat")),
]


class ShareForm(FlaskForm):
    given_name = StringField(
        lazy_gettext("Förnamn"), validators=[InputRequired(lazy_gettext("Skriv förnamnet.")), Length(max=100)]
    )
    family_name = StringField(
        lazy_gettext("Efternamn"), validators=[InputRequired(lazy_gettext("Skriv efternamnet.")), Length(max=100)]
    )
    identifier = StringField(
        lazy_gettext("Personnummer"),
        description=lazy_gettext("12 siffror. Personen loggar in som sig själv."),
        validators=[InputRequired(lazy_gettext("Skriv personnumret.")), Length(max=20)],
        render_kw={"autocomplete": "off", "inputmode": "numeric"},
    )
    relation = StringField(
        lazy_gettext("Vem är det för dig?"),
        description=lazy_gettext("Till exempel dotter, granne eller vän."),
        validators=[InputRequired(lazy_gettext("Skriv vem det är för dig.")), Length(max=100)],
    )
    scopes = SelectMultipleField(
        lazy_gettext("Vad får personen göra?"),
        choices=[SelectChoice(scope, words) for scope, words in SCOPES],
        validators=[InputRequired(lazy_gettext("Välj minst en sak."))],
    )
    parsed: PersonIdentifier | None = None

    def validate_identifier(self, field: StringField) -> None:
        try:
            self.parsed = parse_identifier(field.data or "", access.now().date())
        except InvalidIdentifier as error:
            raise ValidationError(sentence_for(error)) from error


@bp.route("/delning", methods=["GET", "POST"])
def sharing() -> ResponseReturnValue:
    """Who sees what; a form to let one more person in."""
    db, by, at = session(), access.actor(), access.now()
    patient = _own_record()
    form = ShareForm()
    if form.validate_on_submit() and form.parsed is not None:
        people.share(
            db,
            patient=patient,
            identifier=form.parsed,
            given_name=form.given_name.data or "",
            family_name=form.family_name.data or "",
            relation=form.relation.data or "",
            scopes=form.scopes.data or [],
            by=by,
            at=at,
        )
        db.commit()
        flash(_("%(name)s får nu se det du har valt.", name=form.given_name.data))
        return redirect(url_for("patient.sharing"), 303)
    active = shares.active_shares(db, patient.id, at=at)
    audit.record(db, "read-shares", by=by, at=at, patient_id=patient.id, object_type="share")
    body = page("patient/sharing.html", form=form, shares=active, scope_words=dict(SCOPES))
    return body, 422 if form.errors else 200


@bp.post("/delning/<uuid:share_id>/avsluta")
def end_sharing(share_id: UUID) -> ResponseReturnValue:
    """The right ends now: the relative's next request finds nothing."""
    db = session()
    share = shares.get_share_for(db, access.actor(), share_id)
    people.end_share(db, share, by=access.actor(), at=access.now())
    db.commit()
    flash(_("Delningen är avslutad."))
    return redirect(url_for("patient.sharing"), 303)


def _own_record() -> Patient:
    """The patient who is logged in. A relative shares nothing on."""
    by = access.actor()
    if by.capacity is not Capacity.PATIENT or by.patient_id is None:
        raise NotVisible("share", "own")
    return get_patient_for(session(), by, by.patient_id, at=access.now())
