"""What each named error says where patients and relatives write and share: status, heading, one clear sentence."""

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _

from careplan.actions import activities, calendar, invitations, notes, people, wishes
from careplan.domain.errors import CareplanError

Words = tuple[int, str, str]


def _empty(_error: CareplanError) -> Words:
    return 422, _("Något saknas"), _("Skriv något först. Inget är sparat.")


def _too_far(_error: calendar.EventTooFarAway) -> Words:
    return 422, _("Kontrollera året"), _("Dagen ligger för långt bort. Inget är sparat.")


def _too_long(_error: wishes.WishTooLong) -> Words:
    return 422, _("Texten är för lång"), _("Skriv högst 250 tecken. Inget är skickat.")


def _goal_closed(_error: activities.GoalNotActive) -> Words:
    return 409, _("Målet är avslutat"), _("Det går inte att bocka av mer. Inget är sparat.")


def _not_of_day(_error: activities.ReportNotOfDay) -> Words:
    return 422, _("Kontrollera dagen"), _("Välj i dag eller en dag under det senaste året. Inget är sparat.")


def _answered(_error: notes.QuestionAnswered) -> Words:
    return 409, _("Frågan är redan besvarad"), _("Det som är besvarat ändras inte. Ställ en ny fråga i stället.")


def _invitation(error: invitations.InvitationRefused) -> Words:
    sentences = {
        "malformed": _("Koden har 10 bokstäver och siffror. Kontrollera och skriv igen."),
        "wrong": _("Koden stämmer inte. Kontrollera och skriv igen."),
        "used": _("Koden är redan använd. Be om en ny."),
        "withdrawn": _("Inbjudan är tillbakatagen."),
        "expired": _("Koden gäller inte längre. Be om en ny."),
        "own": _("Koden är till en närstående. Du kan inte använda den själv."),
    }
    return 422, _("Koden går inte att använda"), sentences[error.reason]


def _self(_error: people.SharedWithSelf) -> Words:
    return 422, _("Det är ditt eget nummer"), _("Skriv numret för den du vill dela med. Inget är sparat.")


def _scope(_error: CareplanError) -> Words:
    return 422, _("Det går inte att välja"), _("Välj minst en av de saker som visas. Inget är sparat.")


OWN: dict[type[CareplanError], Callable[[Any], Words]] = {
    calendar.EmptyEvent: _empty,
    calendar.EventTooFarAway: _too_far,
    notes.EmptyNote: _empty,
    notes.QuestionAnswered: _answered,
    wishes.WishTooLong: _too_long,
    activities.GoalNotActive: _goal_closed,
    activities.ReportNotOfDay: _not_of_day,
    invitations.InvitationRefused: _invitation,
    people.SharedWithSelf: _self,
    people.UnknownScope: _scope,
    people.NothingShared: _scope,
}
