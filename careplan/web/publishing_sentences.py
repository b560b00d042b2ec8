"""What errors of drafts and publications say to an editor."""

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _

from careplan.actions import drafts, publications
from careplan.domain.errors import CareplanError

Words = tuple[int, str, str]


def _unknown_text(_error: CareplanError) -> Words:
    return 404, _("Texten finns inte"), _("Nya mallar och kapitel läggs in som filer. Här ändras de som finns.")


def _changed(_error: CareplanError) -> Words:
    sentence = _("Någon annan sparade, skickade eller beslutade före dig. Inget är ändrat. Läs utkastet igen.")
    return 409, _("Utkastet är ändrat"), sentence


def _broken(_error: CareplanError) -> Words:
    sentence = _("Texten har fel som gör att den inte kan användas. De står bland anmärkningarna. Rätta dem först.")
    return 422, _("Texten har fel"), sentence


def _outdated(_error: CareplanError) -> Words:
    sentence = _("En annan version har börjat gälla sedan utkastet sparades. Öppna utkastet och spara det igen.")
    return 409, _("Det som gäller är ett annat nu"), sentence


def _nothing_changed(_error: CareplanError) -> Words:
    return 422, _("Inget är ändrat"), _("Utkastet säger samma sak som det som gäller.")


def _own(_error: CareplanError) -> Words:
    return 403, _("En annan redaktör bestämmer"), _("Den som har skrivit i ett utkast kan inte publicera det.")


def _reason(_error: CareplanError) -> Words:
    return 422, _("Något saknas"), _("Skriv vad som behöver ändras.")


def _too_long(_error: CareplanError) -> Words:
    return 422, _("Texten är för lång"), _("Dela den i flera kapitel. Inget är sparat.")


def _publication_changed(_error: CareplanError) -> Words:
    sentence = _("Någon annan publicerade eller gick tillbaka före dig. Inget är ändrat. Läs historiken igen.")
    return 409, _("Det som gäller är ett annat nu"), sentence


def _nothing_before(_error: CareplanError) -> Words:
    return 409, _("Det finns ingen version före"), _("Texten kommer från filen. Ändra texten i stället.")


def _broken_by_now(_error: CareplanError) -> Words:
    sentence = _("Versionen före passar inte längre ihop med resten av innehållet. Ändra texten i stället.")
    return 422, _("Det går inte att gå tillbaka"), sentence


PUBLISHING: dict[type[CareplanError], Callable[[Any], Words]] = {
    drafts.UnknownText: _unknown_text,
    drafts.DraftChanged: _changed,
    drafts.DraftBroken: _broken,
    drafts.DraftOutdated: _outdated,
    drafts.NothingChanged: _nothing_changed,
    drafts.OwnDraft: _own,
    drafts.ReasonMissing: _reason,
    drafts.TextTooLong: _too_long,
    publications.PublicationChanged: _publication_changed,
    publications.NothingBefore: _nothing_before,
    publications.BrokenByNow: _broken_by_now,
}
