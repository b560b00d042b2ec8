"""Who works at the manager's unit: new colleagues, other roles, and those who leave."""

from uuid import UUID

from flask import current_app, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from careplan.actions import audit, staffing
from careplan.db import session
from careplan.domain.absences import OwnCover
from careplan.domain.identity import CLINICAL, Capacity
from careplan.library.professions import professions
from careplan.models import Membership
from careplan.queries import staffing as unit_staff
from careplan.web import access
from careplan.web.labels import ROLES
from careplan.web.manage import bp, own_unit
from careplan.web.pages import page
from careplan.web.sentences import sentence_for
from careplan.web.staff.patients import IdentifierForm

NOBODY = "nobody"


class HireForm(IdentifierForm):
    given_name = StringField(
        lazy_gettext("Förnamn"), validators=[InputRequired(lazy_gettext("Skriv förnamnet.")), Length(max=100)]
    )
    family_name = StringField(
        lazy_gettext("Efternamn"), validators=[InputRequired(lazy_gettext("Skriv efternamnet.")), Length(max=100)]
    )
    title = StringField(
        lazy_gettext("Titel"),
        description=lazy_gettext("Som patienten ska läsa den, till exempel fysioterapeut."),
        validators=[InputRequired(lazy_gettext("Skriv titeln.")), Length(max=100)],
    )
    role = RadioField(lazy_gettext("Behörighet"), validate_choice=False)
    phone = StringField(
        lazy_gettext("Direktnummer"),
        description=lazy_gettext("Får vara tomt."),
        validators=[Length(max=40)],
        render_kw={"inputmode": "tel"},
    )

    def validate_role(self, field: RadioField) -> None:
        if field.data not in {str(choice.value) for choice in field.choices or ()}:
            raise ValidationError(_("Välj behörighet."))


class SeatForm(FlaskForm):
    role = RadioField(lazy_gettext("Behörighet"), validate_choice=False)
    phone = StringField(lazy_gettext("Direktnummer"), validators=[Length(max=40)], render_kw={"inputmode": "tel"})
    cover = SelectField(lazy_gettext("Täcks som regel av"), validate_choice=False)

    def validate_role(self, field: RadioField) -> None:
        if field.data not in {str(choice.value) for choice in field.choices or ()}:
            raise ValidationError(_("Välj behörighet."))


class EndForm(FlaskForm):
    successor = SelectField(lazy_gettext("Vem tar över patienterna?"), validate_choice=False)

    def validate_successor(self, field: SelectField) -> None:
        if not field.data or field.data not in {str(choice.value) for choice in field.choices or ()}:
            raise ValidationError(_("Välj vem som tar över."))


@bp.get("/verksamhet/personal")
def staff() -> str:
    """Who works at the manager's unit, as what, and who covers for whom as a rule."""
    db, by, at = session(), access.actor(), access.now()
    unit_id = own_unit(by)
    seats = unit_staff.seats(db, unit_id, at=at)
    audit.record(db, "list-staff", by=by, at=at, object_type="unit", object_id=unit_id)
    return page("manage/staff.html", seats=seats, roles=ROLES, given=staffing.GIVEN_BY_MANAGERS, me=by.practitioner_id)


def _profession(title: str, role: str) -> str:
    """Whose referrals come to somebody with this title."""
    known = professions(current_app.extensions["settings"].content_path)
    return known.of_title(title) if role == Capacity.REHABILITATION else ""


@bp.route("/verksamhet/personal/ny", methods=["GET", "POST"])
def hire() -> ResponseReturnValue:
    db, by, at = session(), access.actor(), access.now()
    unit = unit_staff.get_unit_for(db, by)
    form = HireForm()
    form.role.choices = _roles()
    if form.validate_on_submit():
        assert form.parsed is not None
        try:
            staffing.hire(
                db,
                identifier=form.parsed,
                given_name=form.given_name.data.strip(),
                family_name=form.family_name.data.strip(),
                title=form.title.data.strip(),
                unit=unit,
                role=Capacity(form.role.data),
                phone=(form.phone.data or "").strip(),
                profession=_profession(form.title.data, form.role.data),
                by=by,
                at=at,
            )
        except staffing.AlreadyEmployed as error:
            form.identifier.errors = [sentence_for(error)]
        else:
            db.commit()
            flash(_("%(name)s arbetar här från i dag. Administratören ger inloggning.", name=form.given_name.data))
            return redirect(url_for("manage.staff"), 303)
    return page("manage/hire.html", form=form), 422 if form.errors else 200


@bp.route("/verksamhet/personal/<uuid:seat_id>", methods=["GET", "POST"])
def seat(seat_id: UUID) -> ResponseReturnValue:
    """One colleague's role, number and cover; and the way out."""
    db, by, at = session(), access.actor(), access.now()
    found = unit_staff.get_seat_for(db, by, seat_id, at=at)
    colleagues = unit_staff.seats(db, found.seat.unit_id, at=at)
    form = _seat_form(found.seat, colleagues)
    if form.validate_on_submit():
        try:
            staffing.change_seat(
                db,
                found.seat,
                role=Capacity(form.role.data),
                phone=form.phone.data or "",
                cover_id=None if form.cover.data == NOBODY else _uuid(form.cover.data),
                by=by,
                at=at,
            )
        except (OwnCover, staffing.UnknownColleague) as error:
            db.rollback()
            form.cover.errors = [sentence_for(error)]
        else:
            db.commit()
            flash(_("Ändringen är sparad."))
            return redirect(url_for("manage.staff"), 303)
    return _show(found, form, _end_form(found, colleagues)), 422 if form.errors else 200


@bp.post("/verksamhet/personal/<uuid:seat_id>/avsluta")
def end_seat(seat_id: UUID) -> ResponseReturnValue:
    """Whoever leaves reaches nothing from now on; patients and tasks go to somebody who is there."""
    db, by, at = session(), access.actor(), access.now()
    found = unit_staff.get_seat_for(db, by, seat_id, at=at)
    colleagues = unit_staff.seats(db, found.seat.unit_id, at=at)
    form = _end_form(found, colleagues)
    if not form.validate():
        return _show(found, _seat_form(found.seat, colleagues, filled=False), form), 422
    name = found.seat.practitioner.name
    successor_id = None if form.successor.data == NOBODY else UUID(form.successor.data)
    staffing.end_seat(db, found.seat, successor_id=successor_id, by=by, at=at)
    db.commit()
    flash(_("%(name)s arbetar inte här längre, och är utloggad.", name=name))
    return redirect(url_for("manage.staff"), 303)


def _show(found: unit_staff.Seat, form: SeatForm, end: EndForm) -> str:
    db, by, at = session(), access.actor(), access.now()
    audit.record(db, "read-seat", by=by, at=at, object_type="membership", object_id=found.seat.id)
    return page("manage/seat.html", found=found, form=form, end=end, roles=ROLES)


def _roles() -> list[SelectChoice]:
    return [SelectChoice(role.value, ROLES[role]) for role in staffing.GIVEN_BY_MANAGERS]


def _seat_form(held: Membership, colleagues: list[Membership], *, filled: bool = True) -> SeatForm:
    form = SeatForm() if filled else SeatForm(formdata=None)
    form.role.choices = _roles()
    form.cover.choices = [
        SelectChoice(NOBODY, _("Ingen")),
        *(
            SelectChoice(str(each.practitioner_id), each.practitioner.name)
            for each in colleagues
            if each.role in CLINICAL and each.practitioner_id != held.practitioner_id
        ),
    ]
    if not (filled and form.is_submitted()):
        form.role.data, form.phone.data = held.role.value, held.phone
        form.cover.data = str(held.cover_id or NOBODY)
    return form


def _end_form(found: unit_staff.Seat, colleagues: list[Membership]) -> EndForm:
    form = EndForm()
    form.successor.choices = [
        SelectChoice("", _("Välj")),
        *(
            SelectChoice(str(each.id), each.name)
            for each in unit_staff.nurses(colleagues, but=found.seat.practitioner_id)
        ),
        SelectChoice(NOBODY, _("Ingen än, uppgifterna går till den gemensamma listan")),
    ]
    if not found.patients:
        form.successor.choices = [SelectChoice(NOBODY, _("Inga patienter att ta över"))]
    return form


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise staffing.UnknownColleague from None
