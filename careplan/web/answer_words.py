"""What is wrong with an answer, in a sentence for who gave it."""

from flask_babel import gettext as _

from careplan.domain.questionnaire import InvalidAnswer, Item, ItemType, figure
from careplan.i18n import lang


def missing_in_words(item: Item) -> str:
    if item.type is ItemType.SCALE:
        return _("Välj ett tal, eller Jag vill inte svara.") if item.declinable else _("Välj ett tal.")
    if item.options:
        return _("Välj ett svar, eller Jag vill inte svara.") if item.declinable else _("Välj ett svar.")
    return _("Skriv ett svar, eller välj Jag vill inte svara.") if item.declinable else _("Skriv ett svar.")


def invalid_in_words(item: Item, error: InvalidAnswer) -> str:
    match error.reason:
        case "out-of-range":
            low, high = (item.scale.min, item.scale.max) if item.scale else (item.min, item.max)
            if low is None or high is None:
                return _("Talet är för litet.") if high is None else _("Talet är för stort.")
            return _("Välj ett tal från %(low)s till %(high)s.", low=figure(low, lang()), high=figure(high, lang()))
        case "unknown-option":
            return _("Välj ett av svaren på sidan.")
        case "not-a-number":
            return _("Skriv svaret med siffror.")
        case "not-a-date":
            return _("Skriv ett datum som finns, till exempel 21 9 2026.")
        case "too-long":
            return _("Texten är för lång. Skriv högst 4 000 tecken.")
        case "exclusive":
            return _("Välj antingen det sista svaret eller något av de andra.")
        case "not-declinable":
            return missing_in_words(item)
