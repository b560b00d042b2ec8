"""What the errors about referrals, rehabilitation plans and action codes say to the reader."""

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _

from careplan.actions import codes, needs, referrals, rehabilitation
from careplan.domain.errors import CareplanError

Words = tuple[int, str, str]


def _due_in_the_past(_error: CareplanError) -> Words:
    return 422, _("Dagen har redan varit"), _("Dagen har redan varit. Välj i dag eller senare.")


def _unknown_reason(_error: CareplanError) -> Words:
    return 422, _("Den händelsen finns inte"), _("Välj varför bedömningen görs nu.")


def _unknown_profession(_error: CareplanError) -> Words:
    return 422, _("Det yrket finns inte"), _("Välj ett yrke i listan. Inget är skickat.")


def _nobody_there(_error: CareplanError) -> Words:
    sentence = _("Ingen på er enhet har det yrket just nu. Välj ett annat, eller remittera som vanligt i journalen.")
    return 422, _("Ingen kan ta emot remissen"), sentence


def _missing_question(_error: CareplanError) -> Words:
    return 422, _("Remissen saknar fråga"), _("Skriv vad du vill ha hjälp med.")


def _missing_return_reason(_error: CareplanError) -> Words:
    return 422, _("Skälet saknas"), _("Skriv varför remissen går tillbaka.")


def _missing_summary(_error: CareplanError) -> Words:
    return 422, _("Sammanfattningen saknas"), _("Skriv vad insatsen ledde till.")


def _referral_answered(error: referrals.ReferralAnswered) -> Words:
    sentence = _("%(name)s hann före. Det du skrev är inte sparat.", name=error.by or _("Någon annan"))
    return 409, _("Remissen är redan besvarad"), sentence


def _nothing_planned(_error: CareplanError) -> Words:
    return 422, _("Planen är tom"), _("Skriv en sammanfattning, eller lägg till ett mål först.")


def _rehabilitation_changed(_error: CareplanError) -> Words:
    sentence = _("Någon signerade en ny version efter att du öppnade sidan. Läs den, och signera sedan.")
    return 409, _("Planen har ändrats"), sentence


def _revision_replaced(_error: CareplanError) -> Words:
    sentence = _("Planen har ändrats sedan du öppnade sidan. Läs den nya och svara igen.")
    return 409, _("Det finns en nyare plan"), sentence


def _missing_wish(_error: CareplanError) -> Words:
    return 422, _("Skriv vad du vill ändra"), _("Skriv vad du vill ändra.")


def _code_not_configured(error: codes.CodeNotConfigured) -> Words:
    sentence = _(
        "Koden %(code)s är inte inlagd av regionen. Ta bort den, eller be regionen lägga in den.", code=error.code
    )
    return 422, _("Koden finns inte"), sentence


REHABILITATION: dict[type[CareplanError], Callable[[Any], Words]] = {
    needs.DueInThePast: _due_in_the_past,
    needs.UnknownReason: _unknown_reason,
    referrals.UnknownProfession: _unknown_profession,
    referrals.NobodyThere: _nobody_there,
    referrals.MissingQuestion: _missing_question,
    referrals.MissingReturnReason: _missing_return_reason,
    referrals.MissingSummary: _missing_summary,
    referrals.ReferralAnswered: _referral_answered,
    rehabilitation.NothingPlanned: _nothing_planned,
    rehabilitation.RehabilitationChanged: _rehabilitation_changed,
    rehabilitation.RevisionReplaced: _revision_replaced,
    rehabilitation.MissingWish: _missing_wish,
    codes.CodeNotConfigured: _code_not_configured,
}
