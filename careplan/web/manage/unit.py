"""A unit in figures, its staff and licences; and units and accounts for the administrator."""

from datetime import date, timedelta

from babel.dates import format_date
from flask import current_app, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import SelectChoice, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from careplan.actions import audit, questionnaires
from careplan.db import session
from careplan.domain.absences import AHEAD
from careplan.domain.correcting import CORRECTION_TIME
from careplan.domain.identity import Actor, Capacity
from careplan.domain.questionnaire import text_in
from careplan.i18n import lang, local
from careplan.library import Library
from careplan.library.figures import codebook
from careplan.queries import absences as calendar
from careplan.queries import experience as unit_experience
from careplan.queries import figures, indicators, provider_list, rules
from careplan.queries import licences as unit_licences
from careplan.queries.access import NotVisible
from careplan.queries.failed_notices import failed_notices
from careplan.web import access
from careplan.web.labels import ALARMS, GROUPS, ROLES
from careplan.web.manage import bp, own_unit
from careplan.web.manage.figure_words import percent
from careplan.web.pages import page

WEEKS_SHOWN = 4


class LicenceForm(FlaskForm):
    instrument = SelectField(
        lazy_gettext("Instrument"), validators=[InputRequired(lazy_gettext("Välj vilket instrument licensen gäller."))]
    )
    holder = StringField(
        lazy_gettext("Licenstagare"),
        description=lazy_gettext("Den som avtalet är skrivet för, till exempel regionen."),
        validators=[
            DataRequired(lazy_gettext("Skriv vem som har licensen.")),
            Length(max=200, message=lazy_gettext("Skriv högst 200 tecken.")),
        ],
    )
    reference = StringField(
        lazy_gettext("Avtal"),
        description=lazy_gettext("Avtalets nummer, eller var det finns."),
        validators=[
            DataRequired(lazy_gettext("Skriv avtalets nummer, eller var det finns.")),
            Length(max=200, message=lazy_gettext("Skriv högst 200 tecken.")),
        ],
    )


@bp.get("/verksamhet")
def home() -> str:
    """The manager's own unit in figures."""
    db, by, at = session(), access.actor(), access.now()
    unit_id = own_unit(by)
    groups = indicators.open_groups(db, unit_id, at=at)
    planned = calendar.absences(db, unit_id, at=at)
    soon = [each for each in planned if each.from_at < at + AHEAD]
    today = local(at).date()
    lately = figures.Period(today - timedelta(days=today.weekday() + 7 * WEEKS_SHOWN - 7), today)
    book = codebook(current_app.extensions["settings"].content_path)
    audit.record(db, "read-unit", by=by, at=at, object_type="unit", object_id=unit_id)
    return page(
        "manage/home.html",
        groups=groups,
        proposals=[each for each in rules.proposals(db, unit_id) if each.written_by_id != by.practitioner_id],
        words=GROUPS,
        alarm_words=ALARMS,
        oldest_at=indicators.oldest(groups),
        climbed=indicators.climbed(db, unit_id, at=at),
        weeks=figures.flags_in_time(db, book, unit_id, lately, at=at),
        percent=percent,
        alarms=provider_list.alarms(db, provider_list.provider_of(db, by), unit_id),
        away=soon,
        unsent=sum(each.count for each in failed_notices(db, unit_id, at=at) if each.is_over),
        uncovered=len(calendar.uncovered(soon, at=at)),
        now=at,
    )


@bp.route("/verksamhet/licenser", methods=["GET", "POST"])
def licences() -> ResponseReturnValue:
    """What the unit may ask with, of instruments whose holders want a licence."""
    db, by, at = session(), access.actor(), access.now()
    unit_id = own_unit(by)
    library: Library = current_app.extensions["library"]
    asking = unit_licences.instruments(db, library, unit_id)
    form = LicenceForm()
    form.instrument.choices = [
        SelectChoice("", _("Välj")),
        *(SelectChoice(each.key.id, each.key.title) for each in asking),
    ]
    if form.validate_on_submit():
        questionnaires.record_licence(
            db,
            library,
            instrument_id=form.instrument.data,
            unit_id=unit_id,
            holder=(form.holder.data or "").strip(),
            reference=(form.reference.data or "").strip(),
            by=by,
            at=at,
        )
        db.commit()
        flash(_("Licensen är inskriven."))
        return redirect(url_for("manage.licences"), 303)
    audit.record(db, "list-licences", by=by, at=at, object_type="unit", object_id=unit_id)
    shown = page("manage/licences.html", form=form, instruments=asking, text=lambda words: text_in(words, lang()))
    return shown, 422 if form.errors else 200


@bp.get("/verksamhet/upplevelse")
def experience() -> str:
    """What the unit's patients think of the care, once enough of them have answered; never one by one."""
    db, by, at = session(), access.actor(), access.now()
    unit_id = own_unit(by)
    library: Library = current_app.extensions["library"]
    found = unit_experience.experiences(db, library, unit_id, at=at)
    audit.record(db, "read-experience", by=by, at=at, object_type="unit", object_id=unit_id)
    return page(
        "manage/experience.html",
        experiences=found,
        correction_days=CORRECTION_TIME.days,
        text=lambda words: text_in(words, lang()),
        period=period_in_words,
    )


@bp.get("/enheter")
def units() -> str:
    db, by, at = session(), access.actor(), access.now()
    _administrators_only(by)
    audit.record(db, "list-units", by=by, at=at, object_type="unit")
    return page("manage/units.html", units=indicators.units(db, at=at))


@bp.get("/konton")
def accounts() -> str:
    """Who among the staff may log in."""
    db, by, at = session(), access.actor(), access.now()
    _administrators_only(by)
    audit.record(db, "list-accounts", by=by, at=at, object_type="account")
    return page("manage/accounts.html", accounts=indicators.staff_accounts(db, at=at), roles=ROLES)


def period_in_words(first_on: date, last_on: date) -> str:
    """juli–september 2026, oktober 2025–mars 2026"""
    first, last = (format_date(on, "LLLL", locale=lang()) for on in (first_on, last_on))
    if first_on.year == last_on.year:
        return f"{first}–{last}\u00a0{last_on.year}"
    return f"{first}\u00a0{first_on.year}–{last}\u00a0{last_on.year}"


def _administrators_only(by: Actor) -> None:
    if by.capacity is not Capacity.ADMINISTRATOR:
        raise NotVisible("page", "")
