"""What is wrong with an answer, in a sentence for who gave it."""

from flask_babel import gettext as _

from careplan.domain.questionnaire import LONGEST_WORDS, InvalidAnswer, Item, ItemType, figure, text_in
from careplan.i18n import form_lang, lang


def instruction(item: Item) -> str:
    """What is to be done, for a question that does not say it itself."""
    match item.type:
        case ItemType.SCALE:
            return _("Välj det tal som stämmer bäst.")
        case ItemType.CHOICES:
            return _("Du kan välja flera.")
        case ItemType.TIME:
            return _("Till exempel 7.30 eller 22.15.")
        case ItemType.DATE if item.precision == "month":
            return _("Vet du inte dagen? Lämna den tom.")
        case ItemType.DATE if item.precision == "year":
            return _("Vet du bara året? Lämna dag och månad tomma.")
    return ""


def missing_in_words(item: Item) -> str:
    if item.type is ItemType.SCALE:
        return _("Välj ett tal, eller Jag vill inte svara.") if item.declinable else _("Välj ett tal.")
    if item.options:
        return _("Välj ett svar, eller Jag vill inte svara.") if item.declinable else _("Välj ett svar.")
    return _("Skriv ett svar, eller välj Jag vill inte svara.") if item.declinable else _("Skriv ett svar.")


def invalid_in_words(item: Item, error: InvalidAnswer) -> str:
    own = text_in(item.open_option.text, form_lang()) if item.open_option else ""
    sentences = {
        "unknown-option": _("Välj ett av svaren på sidan."),
        "not-a-number": _("Skriv svaret med siffror."),
        "not-a-date": _("Skriv ett datum som finns, till exempel 21 9 2026."),
        "not-a-time": _("Skriv ett klockslag som finns, till exempel 7.30 eller 22.15."),
        "too-long": _("Texten är för lång. Skriv högst 4 000 tecken."),
        "exclusive": _("Välj antingen det sista svaret eller något av de andra."),
        "words-elsewhere": _("Du har skrivit egna ord. Välj ”%(option)s”, eller ta bort orden.", option=own),
    }
    match error.reason:
        case "out-of-range":
            return _out_of_range(item)
        case "not-a-number" if item.type is ItemType.VAS:
            return _("Skriv ett helt tal med siffror.")
        case "incomplete-date":
            return _incomplete(item)
        case "too-long" if item.open_option is not None:
            return _("Dina egna ord är för många. Skriv högst %(number)s tecken.", number=LONGEST_WORDS)
        case "not-declinable":
            return missing_in_words(item)
    return sentences[error.reason]


def _out_of_range(item: Item) -> str:
    low, high = (item.scale.min, item.scale.max) if item.scale else (item.min, item.max)
    if low is None or high is None:
        return _("Talet är för litet.") if high is None else _("Talet är för stort.")
    return _("Välj ett tal från %(low)s till %(high)s.", low=figure(low, lang()), high=figure(high, lang()))


def _incomplete(item: Item) -> str:
    match item.precision:
        case "year":
            return _("Skriv minst året. Skriver du en dag, skriv månaden också.")
        case "month":
            return _("Skriv minst månad och år.")
    return _("Skriv både dag, månad och år.")
