"""An answer in words."""

from datetime import date

from babel import localedata
from babel.dates import format_date

from careplan.domain.answers import Answer
from careplan.domain.questionnaire.items import Item, ItemType, Option, text_in

_STATE_WORDS = {
    "sv": {
        "declined": "Jag vill inte svara",
        "unanswered": "Inte besvarad",
        "not-shown": "Inte visad",
        "of": "av",
        "at": "klockan\u00a0{hour}.{minute:02}",
        "illegible": "Oläsligt på papperet",
    },
    "en": {
        "declined": "I do not want to answer",
        "unanswered": "Not answered",
        "not-shown": "Not shown",
        "of": "of",
        "at": "{hour}:{minute:02}",
        "illegible": "Illegible on the paper",
    },
}


def in_words(item: Item, answer: Answer, lang: str) -> str:
    """The answer as a person reads it: "7 av 10", the option's text, "mars 2026", "Inte besvarad"."""
    words = _STATE_WORDS.get(lang, _STATE_WORDS["sv"])
    if not answer.is_answered or answer.value is None:
        return words[answer.state.value]
    if item.options:
        texts = {option.value: _chosen(option, answer.words, lang) for option in item.options}
        return ", ".join(texts[code] for code in answer.codes)
    if item.type is ItemType.DATE:
        return _date_in_words(str(answer.value), lang)
    if item.type is ItemType.TIME:
        hour, minute = map(int, str(answer.value).split(":"))
        return words["at"].format(hour=hour, minute=minute)
    if answer.number is None:
        return str(answer.value)
    if item.scale is not None:
        return f"{figure(answer.number, lang)} {words['of']} {item.scale.max}"
    unit = f"\u00a0{text_in(item.unit, lang)}" if item.unit else ""
    return figure(answer.number, lang) + unit


def _chosen(option: Option, words: str, lang: str) -> str:
    """The option, and what was written beside it: "Annat: min granne"."""
    text = text_in(option.text, lang)
    return f"{text.rstrip(' :.…')}: {words}" if option.open and words else text


_DATE_PATTERNS = {1: "y", 2: "LLLL\u00a0y", 3: "d\u00a0MMMM\u00a0y"}


def _date_in_words(written: str, lang: str) -> str:
    """As much of the day as is known: 21 mars 2026, mars 2026, 2026."""
    year, *rest = map(int, written.split("-"))
    month, day = (*rest, 1, 1)[:2]
    locale = lang if localedata.exists(lang) else "sv"
    return format_date(date(year, month, day), _DATE_PATTERNS[1 + len(rest)], locale=locale)


def illegible_in_words(lang: str) -> str:
    """Something stood on the paper, and nobody could read it: to scores it is unanswered, to people it is not."""
    return _STATE_WORDS.get(lang, _STATE_WORDS["sv"])["illegible"]


def figure(number: int | float, lang: str) -> str:
    """A number without needless decimals; Swedish has a decimal comma."""
    text = f"{number:.2f}".rstrip("0").rstrip(".") if isinstance(number, float) else str(number)
    return text if lang == "en" else text.replace(".", ",")
