"""When the unit answers and how fast: hours, closed days, response times, and what patients read."""

import re
from datetime import date, time

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, ValidationError

from careplan.actions import audit, staffing
from careplan.db import session
from careplan.domain.tasks import LIMITS, ResponseTimes
from careplan.models import Unit
from careplan.queries import staffing as unit_staff
from careplan.web import access
from careplan.web.manage import bp
from careplan.web.pages import page

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MOST_CLOSED_DAYS = 100


def _span_field(label: str) -> StringField:
    return StringField(label, validators=[Length(max=20, message=lazy_gettext("Skriv som 8.00–16.00."))])


class WholeNumber(IntegerField):
    """What is no whole number is left to the validators, who say which numbers may be."""

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = valuelist[0].strip() if valuelist else ""
        self.data = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 5 else None


def _number(name: str, label: str) -> WholeNumber:
    least, most = LIMITS[name]
    words = lazy_gettext("Skriv ett heltal från %(least)s till %(most)s.", least=least, most=most)
    return WholeNumber(label, validators=[InputRequired(words), NumberRange(least, most, message=words)])


class SettingsForm(FlaskForm):
    phone = StringField(
        lazy_gettext("Telefonnummer"),
        validators=[InputRequired(lazy_gettext("Skriv numret till mottagningen.")), Length(max=40)],
        render_kw={"inputmode": "tel"},
    )
    monday = _span_field(lazy_gettext("Måndag"))
    tuesday = _span_field(lazy_gettext("Tisdag"))
    wednesday = _span_field(lazy_gettext("Onsdag"))
    thursday = _span_field(lazy_gettext("Torsdag"))
    friday = _span_field(lazy_gettext("Fredag"))
    saturday = _span_field(lazy_gettext("Lördag"))
    sunday = _span_field(lazy_gettext("Söndag"))
    extra_closed = TextAreaField(
        lazy_gettext("Fler stängda dagar"),
        description=lazy_gettext("En dag på varje rad, som 2026-12-23. Helgdagar räknas redan som stängda."),
    )
    red_hours = _number("red_hours", lazy_gettext("Behöver bedömas nu: arbetstimmar"))
    yellow_days = _number("yellow_days", lazy_gettext("Behöver ses: arbetsdagar"))
    message_days = _number("message_days", lazy_gettext("Meddelanden och önskan om kontakt: arbetsdagar"))
    paper_days = _number("paper_days", lazy_gettext("Papper att mata in: arbetsdagar"))
    handover_days = _number("handover_days", lazy_gettext("Svara på en överlämning: arbetsdagar"))
    first_contact_days = _number(
        "first_contact_days", lazy_gettext("Tala med en patient som ni har tagit över: arbetsdagar")
    )
    cover_text = TextAreaField(
        lazy_gettext("Det patienten läser när kontaktsjuksköterskan är borta"),
        description=lazy_gettext("Står efter namnet på den som svarar. Får vara tomt."),
        validators=[Length(max=300, message=lazy_gettext("Skriv högst 300 tecken."))],
    )

    def spans(self) -> list[list[str] | None]:
        return [span_in(self[day].data or "") for day in DAYS]

    def closed_days(self) -> list[date]:
        lines = [line.strip() for line in (self.extra_closed.data or "").splitlines()]
        return [date.fromisoformat(line) for line in lines if line]

    def validate(self, extra_validators: object = None) -> bool:
        is_valid = super().validate(extra_validators)
        for day in DAYS:
            try:
                span_in(self[day].data or "")
            except ValidationError as error:
                self[day].errors = [str(error)]
                is_valid = False
        return is_valid

    def validate_extra_closed(self, field: TextAreaField) -> None:
        try:
            days = self.closed_days()
        except ValueError:
            raise ValidationError(_("Skriv varje dag som 2026-12-23, en på varje rad.")) from None
        if len(days) > MOST_CLOSED_DAYS:
            raise ValidationError(_("Skriv högst %(most)s dagar.", most=MOST_CLOSED_DAYS))


def span_in(text: str) -> list[str] | None:
    """8.00–16.00, 8-16, 08:30 - 16:00 -> ["08:30", "16:00"]; empty is closed."""
    if not text.strip():
        return None
    found = re.fullmatch(r"\s*(\d{1,2})(?:[.:](\d{2}))?\s*[-–—]\s*(\d{1,2})(?:[.:](\d{2}))?\s*", text, re.ASCII)
    if found is None:
        raise ValidationError(_("Skriv tiden som 8.00–16.00, eller lämna tomt när det är stängt."))
    opens, closes = found.group(1, 2), found.group(3, 4)
    try:
        first, last = (time(int(hour), int(minute or 0)) for hour, minute in (opens, closes))
    except ValueError:
        raise ValidationError(_("Den tiden finns inte. Skriv som 8.00–16.00.")) from None
    if last <= first:
        raise ValidationError(_("Skriv en stängning som är efter öppningen."))
    return [f"{first:%H:%M}", f"{last:%H:%M}"]


@bp.route("/verksamhet/installningar", methods=["GET", "POST"])
def settings() -> ResponseReturnValue:
    db, by, at = session(), access.actor(), access.now()
    unit = unit_staff.get_unit_for(db, by)
    form = SettingsForm(data=_as_typed(unit))
    if form.validate_on_submit():
        staffing.change_unit(
            db,
            unit,
            phone=form.phone.data or "",
            hours=form.spans(),
            extra_closed=form.closed_days(),
            times=ResponseTimes(**{name: form[name].data for name in LIMITS}),
            cover_text=form.cover_text.data or "",
            by=by,
            at=at,
        )
        db.commit()
        flash(_("Inställningarna är sparade. De gäller det som kommer från och med nu."))
        return redirect(url_for("manage.settings"), 303)
    audit.record(db, "read-settings", by=by, at=at, object_type="unit", object_id=unit.id)
    shown = page("manage/settings.html", form=form, days=DAYS, times=list(LIMITS), never_open=not any(unit.hours))
    return shown, 422 if form.errors else 200


def _as_typed(unit: Unit) -> dict[str, object]:
    spans = {
        day: f"{_wall(span[0])}–{_wall(span[1])}" if span else "" for day, span in zip(DAYS, unit.hours, strict=True)
    }
    times = {name: getattr(unit.times, name) for name in LIMITS}
    closed = "\n".join(unit.extra_closed)
    return {"phone": unit.phone, "cover_text": unit.cover_text, "extra_closed": closed} | spans | times


def _wall(text: str) -> str:
    at = time.fromisoformat(text)
    return f"{at.hour}.{at.minute:02}"
