"""What each named error of messages says to the writer: status, heading, one clear sentence."""

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from careplan.actions import messages
from careplan.domain.errors import CareplanError
from careplan.domain.messages import MOST_LETTERS, EmptyMessage, MessageTooLong
from careplan.i18n import number


def _empty(_error: EmptyMessage) -> tuple[int, str, str]:
    return 422, _("Meddelandet är tomt"), _("Skriv något först.")


def _too_long(error: MessageTooLong) -> tuple[int, str, str]:
    sentence = ngettext(
        "Meddelandet är ett tecken för långt. Det får vara högst %(most)s tecken. Korta det, eller dela det.",
        "Meddelandet är %(over)s tecken för långt. Det får vara högst %(most)s tecken. Korta det, eller dela det.",
        error.over,
        over=number(error.over),
        most=number(MOST_LETTERS),
    )
    return 422, _("Meddelandet är för långt"), sentence


def _sent_before(_error: messages.SentBefore) -> tuple[int, str, str]:
    sentence = _("Den här sidan är redan skickad en gång, med andra ord. Det som står här är inte skickat än.")
    return 409, _("Meddelandet är redan skickat"), sentence


def _newer(_error: messages.NewerMessages) -> tuple[int, str, str]:
    sentence = _("Någon har skrivit medan du hade sidan öppen. Läs det först, och skicka sedan om det behövs.")
    return 409, _("Det finns ett nyare meddelande"), sentence


def _not_caring(_error: messages.UnitNotCaring) -> tuple[int, str, str]:
    sentence = _("Mottagningen har inte hand om dig längre. Skriv ett nytt meddelande till den som har det.")
    return 409, _("Det går inte att skriva här"), sentence


def _missing_sentence(_error: messages.MissingSentence) -> tuple[int, str, str]:
    return 422, _("Något saknas"), _("Skriv en mening till den som frågade.")


MESSAGES: dict[type[CareplanError], Callable[[Any], tuple[int, str, str]]] = {
    EmptyMessage: _empty,
    MessageTooLong: _too_long,
    messages.SentBefore: _sent_before,
    messages.NewerMessages: _newer,
    messages.UnitNotCaring: _not_caring,
    messages.MissingSentence: _missing_sentence,
}
