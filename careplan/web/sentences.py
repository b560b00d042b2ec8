"""What each named error says to the reader: status, heading, one clear sentence."""

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _

from careplan.actions import plans
from careplan.domain.errors import CareplanError
from careplan.domain.identity import InvalidIdentifier
from careplan.domain.plan import UnknownChapter
from careplan.library import UnknownPlan

Words = tuple[int, str, str]


def _identifier(error: InvalidIdentifier) -> Words:
    sentences = {
        "empty": _("Skriv personnumret med 12 siffror."),
        "length": _("Ett personnummer har 10 eller 12 siffror. Kontrollera och skriv igen."),
        "date": _("Personnumret har ett datum som inte finns. Kontrollera och skriv igen."),
        "check-digit": _("Sista siffran i personnumret stämmer inte. Kontrollera och skriv igen."),
    }
    return 422, _("Personnumret stämmer inte"), sentences[error.reason]


def _unknown_in_plan(_error: CareplanError) -> Words:
    sentence = _("Mallen har ändrats eller finns inte längre. Inget är sparat. Ladda om sidan och försök igen.")
    return 422, _("Det valet finns inte i mallen"), sentence


def _plan_exists(_error: plans.PlanExists) -> Words:
    return 409, _("Patienten har redan en plan"), _("Det finns redan en vårdplan på er enhet. Öppna den i stället.")


def _plan_changed(_error: plans.PlanChanged) -> Words:
    sentence = _("Någon sparade planen efter att du öppnade den. Inget är signerat. Läs planen igen och signera sedan.")
    return 409, _("Planen har ändrats"), sentence


def _nothing_shown(_error: plans.NothingShown) -> Words:
    return 422, _("Planen är tom"), _("Inget kapitel visas. Kryssa för minst ett kapitel innan du signerar.")


def _past_appointment(_error: plans.AppointmentInThePast) -> Words:
    return 422, _("Tiden har redan varit"), _("Skriv en tid som kommer. Inget är sparat.")


# type of error -> function of the error giving (status, heading, sentence), in the reader's language
SENTENCES: dict[type[CareplanError], Callable[[Any], Words]] = {
    InvalidIdentifier: _identifier,
    UnknownPlan: _unknown_in_plan,
    UnknownChapter: _unknown_in_plan,
    plans.UnknownTreatment: _unknown_in_plan,
    plans.UnknownPhase: _unknown_in_plan,
    plans.UnknownEvent: _unknown_in_plan,
    plans.PlanExists: _plan_exists,
    plans.PlanChanged: _plan_changed,
    plans.NothingShown: _nothing_shown,
    plans.AppointmentInThePast: _past_appointment,
}


def sentence_for(error: CareplanError) -> str:
    """The one sentence, for the place beside a field."""
    return SENTENCES[type(error)](error)[2]
