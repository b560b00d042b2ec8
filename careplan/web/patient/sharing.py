"""The patient decides who of the family sees what, and ends it at once."""

from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectChoice, SelectMultipleField, StringField
from wtforms.validators import AnyOf, InputRequired, Length, ValidationError

from careplan.actions import audit, invitations, people
from careplan.actions.invitations import NewInvitation
from careplan.db import session
from careplan.domain.identity import Capacity, InvalidIdentifier, PersonIdentifier, parse_identifier
from careplan.domain.sharing import GOALS, VISITS
from careplan.library.revisions import chapters_in
from careplan.models import Patient
from careplan.queries import plan as plan_queries
from careplan.queries import sharing as shares
from careplan.queries.access import NotVisible, get_patient_for
from careplan.web import access
from careplan.web.pages import page
from careplan.web.patient import bp
from careplan.web.sentences import sentence_for

WHOLE, CHOSEN = "whole", "chosen"

SCOPES = [
    ("plan", lazy_gettext("Läsa min plan och mina mål")),
    ("answers", lazy_gettext("Läsa mina svar")),
    ("documents", lazy_gettext("Skriva ut min plan")),
    ("help", lazy_gettext("Hjälpa mig att svara på frågor")),
    ("messages", lazy_gettext("Läsa och skriva meddelanden till vården åt mig")),
    ("sensitive", lazy_gettext("Även frågor om sex och annat som är extra privat")),
]


class ShareForm(FlaskForm):
    """With a number the person reaches it at once; without one they get in by a code that the patient gives them."""

    given_name = StringField(
        lazy_gettext("Förnamn"), validators=[InputRequired(lazy_gettext("Skriv förnamnet.")), Length(max=100)]
    )
    family_name = StringField(
        lazy_gettext("Efternamn"), validators=[InputRequired(lazy_gettext("Skriv efternamnet.")), Length(max=100)]
    )
    identifier = StringField(
        lazy_gettext("Personnummer, om du kan det"),
        description=lazy_gettext("12 siffror. Lämnar du tomt får du en kod att ge till personen."),
        validators=[Length(max=20)],
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
    parts = SelectMultipleField(lazy_gettext("Bara de här delarna av planen"), validate_choice=False)
    parsed: PersonIdentifier | None = None

    def validate_identifier(self, field: StringField) -> None:
        if not (field.data or "").strip():
            return
        try:
            self.parsed = parse_identifier(field.data or "", access.now().date())
        except InvalidIdentifier as error:
            raise ValidationError(sentence_for(error)) from error


class PartsForm(FlaskForm):
    parts = SelectMultipleField(validate_choice=False)
    extent = RadioField(
        lazy_gettext("Vad av planen?"),
        choices=[
            SelectChoice(WHOLE, lazy_gettext("Hela planen, också det som kommer till")),
            SelectChoice(CHOSEN, lazy_gettext("Bara det jag kryssar för")),
        ],
        validators=[AnyOf([WHOLE, CHOSEN], message=lazy_gettext("Välj om hela planen eller delar av den delas."))],
        validate_choice=False,
    )


@bp.route("/delning", methods=["GET", "POST"])
def sharing() -> ResponseReturnValue:
    """Who sees what; a form to let one more person in."""
    patient = _own_record()
    form, offered = ShareForm(), _parts(patient)
    if form.validate_on_submit():
        return _share(patient, form, _chosen(form.parts.data, offered))
    return _page(patient, form, offered), 422 if form.errors else 200


def _share(patient: Patient, form: ShareForm, parts: list[str] | None) -> ResponseReturnValue:
    db, by, at = session(), access.actor(), access.now()
    given_name, family_name = (form.given_name.data or "").strip(), (form.family_name.data or "").strip()
    relation, scopes = (form.relation.data or "").strip(), form.scopes.data or []
    if form.parsed is None:
        name = f"{given_name} {family_name}"
        made = invitations.invite(
            db, patient=patient, name=name, relation=relation, scopes=scopes, parts=parts, by=by, at=at
        )
        db.commit()
        # The code is in this answer alone: it is stored nowhere, and a reload asks before it makes another.
        return _page(patient, ShareForm(formdata=None), _parts(patient), invited=made)
    people.share(
        db,
        patient=patient,
        identifier=form.parsed,
        given_name=given_name,
        family_name=family_name,
        relation=relation,
        scopes=scopes,
        parts=parts,
        by=by,
        at=at,
    )
    db.commit()
    flash(_("%(name)s får nu se det du har valt.", name=given_name))
    return redirect(url_for("patient.sharing"), 303)


def _page(patient: Patient, form: ShareForm, offered: dict[str, str], *, invited: NewInvitation | None = None) -> str:
    db, by, at = session(), access.actor(), access.now()
    form.parts.choices = [SelectChoice(part, words) for part, words in offered.items()]
    active, waiting = shares.active_shares(db, patient.id, at=at), shares.open_invitations(db, patient.id, at=at)
    audit.record(db, "read-shares", by=by, at=at, patient_id=patient.id, object_type="share")
    return page(
        "patient/sharing.html",
        form=form,
        shares=active,
        invitations=waiting,
        invited=invited,
        scope_words=dict(SCOPES),
        part_words=offered,
        now=at,
    )


@bp.route("/delning/<uuid:share_id>/delar", methods=["GET", "POST"])
def share_parts(share_id: UUID) -> ResponseReturnValue:
    """Which parts of the plan one relative reads: chapters, times, goals."""
    db, by, at = session(), access.actor(), access.now()
    patient = _own_record()
    share = shares.get_share_for(db, by, share_id)
    if share.to_at is not None and share.to_at <= at:
        raise NotVisible("share", share_id)
    form, offered = PartsForm(), _parts(patient)
    form.parts.choices = [SelectChoice(part, words) for part, words in offered.items()]
    if form.validate_on_submit():
        chosen = [part for part in form.parts.data or [] if part in offered]
        people.share_parts(db, share, parts=chosen if form.extent.data == CHOSEN else None, by=by, at=at)
        db.commit()
        flash(_("Ändringen gäller nu."))
        return redirect(url_for("patient.sharing"), 303)
    if not form.is_submitted():
        form.extent.data = WHOLE if share.parts is None else CHOSEN
        form.parts.data = list(share.parts or ())
    audit.record(db, "read-shares", by=by, at=at, patient_id=patient.id, object_type="share", object_id=share.id)
    body = page("patient/share_parts.html", form=form, share=share, part_words=offered)
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


@bp.post("/delning/inbjudan/<uuid:invitation_id>/ta-tillbaka")
def withdraw_invitation(invitation_id: UUID) -> ResponseReturnValue:
    """Nobody comes in by its code any more."""
    db = session()
    invitation = shares.get_invitation_for(db, access.actor(), invitation_id)
    invitations.withdraw(db, invitation, by=access.actor(), at=access.now())
    db.commit()
    flash(_("Inbjudan gäller inte längre."))
    return redirect(url_for("patient.sharing"), 303)


def _parts(patient: Patient) -> dict[str, str]:
    """What the plan has to share, by the words that the patient knows it by."""
    db, by, at = session(), access.actor(), access.now()
    revision = plan_queries.current_revision(db, by, patient.id, at=at)
    chapters = chapters_in(revision.content) if revision else ()
    return {
        VISITS: _("Tider och besök"),
        GOALS: _("Mål och åtgärder"),
        **{chapter["id"]: chapter["title"] for chapter in chapters},
    }


def _chosen(parts: list[str] | None, offered: dict[str, str]) -> list[str] | None:
    """None for the whole plan, where nothing was chosen."""
    return [part for part in parts or () if part in offered] or None


def _own_record() -> Patient:
    """The patient who is logged in. A relative shares nothing on."""
    by = access.actor()
    if by.capacity is not Capacity.PATIENT or by.patient_id is None:
        raise NotVisible("share", "own")
    return get_patient_for(session(), by, by.patient_id, at=access.now())
