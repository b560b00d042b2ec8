"""What the errors about handovers and blocks say to the reader."""

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from careplan.actions import blocks, handovers, taking_over
from careplan.domain import handovers as domain
from careplan.domain.errors import CareplanError

Words = tuple[int, str, str]


def _unknown_reason(_error: CareplanError) -> Words:
    return 422, _("Det skälet finns inte"), _("Välj varför patienten lämnas över.")


def _own_unit(_error: CareplanError) -> Words:
    return 422, _("Det är er egen enhet"), _("Patienten är redan hos er. Välj en annan enhet.")


def _no_receiver(_error: CareplanError) -> Words:
    sentence = _("Enheten är stängd eller har ingen kontaktsjuksköterska här. Välj en annan, eller ring dem.")
    return 422, _("Ingen kan ta emot patienten där"), sentence


def _died(_error: CareplanError) -> Words:
    sentence = _("Patienten är registrerad som avliden. Ingenting är skickat eller ändrat.")
    return 409, _("Patienten har avlidit"), sentence


def _not_signed(_error: CareplanError) -> Words:
    return 409, _("Planen är inte signerad"), _("Signera vårdplanen först. Det är planen som lämnas över.")


def _blocked(_error: CareplanError) -> Words:
    sentence = _(
        "Patienten har spärrat era uppgifter för den enheten. Tala med patienten, som kan häva spärren. "
        "Inget är skickat."
    )
    return 409, _("Patienten har en spärr"), sentence


def _open(error: handovers.HandoverOpen) -> Words:
    sentence = _("Patienten lämnas redan över till %(unit)s. Ta tillbaka den överlämningen först.", unit=error.to)
    return 409, _("En överlämning pågår redan"), sentence


def _answered(_error: CareplanError) -> Words:
    sentence = _("Någon hann före, eller så är överlämningen avslutad. Det här gäller nu.")
    return 409, _("Överlämningen har ändrats"), sentence


def _not_accepted(_error: CareplanError) -> Words:
    sentence = _("Ta emot patienten först. Bekräfta kontakten när du har talat med patienten.")
    return 409, _("Överlämningen är inte mottagen"), sentence


def _missing_words(_error: CareplanError) -> Words:
    return 422, _("Skälet saknas"), _("Skriv varför.")


def _contact(_error: CareplanError) -> Words:
    sentence = _("Dagen ska vara i dag eller tidigare, och inte före överlämningen.")
    return 422, _("Den dagen går inte"), sentence


def _review(_error: CareplanError) -> Words:
    return 422, _("Den dagen går inte"), _("Välj i dag eller en senare dag, högst 2 år fram.")


def _part_missing(_error: CareplanError) -> Words:
    return 422, _("En del är tom"), _("Skriv något här. Mottagaren behöver alla fyra delarna.")


def _part_long(_error: CareplanError) -> Words:
    return 422, _("Texten är för lång"), _("Skriv högst %(most)s tecken.", most=domain.LONGEST_PART)


def _page_long(error: domain.LongerThanAPage) -> Words:
    sentence = ngettext(
        "Texten är ungefär %(num)s rad för lång för ett A4. Korta ned den.",
        "Texten är ungefär %(num)s rader för lång för ett A4. Korta ned den.",
        error.lines,
    )
    return 422, _("Texten är för lång"), sentence


def _not_yours(_error: CareplanError) -> Words:
    return 403, _("Bara patienten kan spärra"), _("En spärr görs och hävs av patienten själv.")


def _unknown_unit(_error: CareplanError) -> Words:
    return 422, _("Den enheten går inte att välja"), _("Välj en enhet i listan.")


def _nothing_blocked(_error: CareplanError) -> Words:
    return 409, _("Det finns ingen spärr"), _("Patienten har ingen spärr för er enhet nu. Inget är öppnat.")


def _missing_emergency(_error: CareplanError) -> Words:
    return 422, _("Skälet saknas"), _("Skriv varför uppgifterna behövs nu. Patienten läser det.")


HANDOVERS: dict[type[CareplanError], Callable[[Any], Words]] = {
    handovers.UnknownReason: _unknown_reason,
    handovers.OwnUnit: _own_unit,
    handovers.NoReceiver: _no_receiver,
    handovers.PatientDied: _died,
    handovers.PlanNotSigned: _not_signed,
    handovers.Blocked: _blocked,
    handovers.HandoverOpen: _open,
    handovers.HandoverAnswered: _answered,
    handovers.MissingWords: _missing_words,
    taking_over.NotAccepted: _not_accepted,
    taking_over.ContactNotPossible: _contact,
    taking_over.ReviewNotPossible: _review,
    domain.PartMissing: _part_missing,
    domain.PartTooLong: _part_long,
    domain.LongerThanAPage: _page_long,
    blocks.NotYours: _not_yours,
    blocks.UnknownUnit: _unknown_unit,
    blocks.NothingBlocked: _nothing_blocked,
    blocks.MissingEmergency: _missing_emergency,
}
