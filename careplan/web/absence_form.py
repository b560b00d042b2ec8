"""The form for an absence, the same for staff about themselves and for a manager about anybody."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

from flask import flash
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectChoice, SelectField
from wtforms.validators import InputRequired, ValidationError

from careplan.actions import absences
from careplan.actions.absences import CoverNotHere
from careplan.db import session
from careplan.domain.absences import (
    AbsenceInThePast,
    AlreadyAway,
    CoverIsAway,
    CoverLoops,
    EndsBeforeStart,
    OwnCover,
)
from careplan.domain.errors import CareplanError
from careplan.i18n import local
from careplan.models import Absence
from careplan.queries.absences import Seat, may_cover
from careplan.web import access
from careplan.web.fields import PartsDateField
from careplan.web.sentences import sentence_for

NOBODY = "nobody"
# Beside which field each refusal stands.
REFUSALS: dict[type[CareplanError], str] = {
    EndsBeforeStart: "last_on",
    AbsenceInThePast: "last_on",
    AlreadyAway: "first_on",
    OwnCover: "cover",
    CoverIsAway: "cover",
    CoverLoops: "cover",
    CoverNotHere: "cover",
}


class AbsenceForm(FlaskForm):
    who = SelectField(lazy_gettext("Vem är borta?"), validate_choice=False)
    first_on = PartsDateField(
        lazy_gettext("Första dagen borta"), validators=[InputRequired(lazy_gettext("Skriv den första dagen."))]
    )
    last_on = PartsDateField(
        lazy_gettext("Sista dagen borta"), validators=[InputRequired(lazy_gettext("Skriv den sista dagen."))]
    )
    cover = RadioField(lazy_gettext("Vem svarar?"), validate_choice=False)

    def validate_who(self, field: SelectField) -> None:
        if not field.data or field.data not in {str(choice.value) for choice in field.choices or ()}:
            raise ValidationError(_("Välj vem som är borta."))

    def validate_cover(self, field: RadioField) -> None:
        if field.data not in {str(choice.value) for choice in field.choices or ()}:
            raise ValidationError(_("Välj vem som svarar."))

    @property
    def days(self) -> tuple[date, date]:
        first, last = self.first_on.data, self.last_on.data
        assert first is not None and last is not None, "validated"
        return first, last

    @property
    def cover_id(self) -> UUID | None:
        return None if self.cover.data == NOBODY else UUID(self.cover.data)

    def refuse(self, error: CareplanError) -> None:
        field = self[REFUSALS[type(error)]]
        field.errors = [*field.errors, sentence_for(error)]


def absence_form(found: list[Seat], *, who_id: UUID | None, absence: Absence | None = None) -> AbsenceForm:
    """For one person, or (None) for anybody at the unit; as the absence is, where one is changed."""
    form = AbsenceForm()
    if who_id is None:
        form.who.choices = [SelectChoice("", _("Välj")), *(SelectChoice(str(seat.id), seat.name) for seat in found)]
    else:
        del form.who
    form.cover.choices = [
        *(SelectChoice(str(seat.id), seat.name) for seat in may_cover(found, who_id)),
        SelectChoice(NOBODY, _("Ingen än")),
    ]
    if form.is_submitted():
        return form
    if absence is not None:
        form.first_on.process(None, local(absence.from_at).date())
        form.last_on.process(None, local(absence.to_at - timedelta.resolution).date())
        form.cover.data = str(absence.cover_id or NOBODY)
    else:
        usual = next((seat.cover_id for seat in found if seat.id == who_id), None)
        form.cover.data = str(usual) if usual else None
    return form


def is_stored(form: AbsenceForm, store: Callable[[], object]) -> bool:
    """Whether what was sent is stored now. A refusal of the calendar stands beside its field, and nothing is."""
    if not form.validate_on_submit():
        return False
    try:
        store()
    except tuple(REFUSALS) as error:
        session().rollback()
        form.refuse(error)
        return False
    session().commit()
    flash(_("Frånvaron är sparad."))
    return True


def is_planned(form: AbsenceForm, *, unit_id: UUID, who_id: UUID | None) -> bool:
    """As `is_stored`, for a new absence: of this person, or (None) of the one chosen in the form."""
    return is_stored(
        form,
        lambda: absences.plan(
            session(),
            practitioner_id=who_id or UUID(form.who.data),
            unit_id=unit_id,
            first_on=form.days[0],
            last_on=form.days[1],
            cover_id=form.cover_id,
            by=access.actor(),
            at=access.now(),
        ),
    )
