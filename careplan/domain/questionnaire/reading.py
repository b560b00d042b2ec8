"""From what a browser or a key-in screen sends to an answer."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Literal

from careplan.domain.answers import DECLINED, UNANSWERED, Answer, AnswerState, Value, answered
from careplan.domain.errors import CareplanError
from careplan.domain.questionnaire.items import Item, ItemType, Precision, UnknownItem

LONGEST_TEXT = 4000
LONGEST_WORDS = 200  # own words beside an option
EARLIEST_YEAR, LATEST_YEAR = 1900, 2100  # another year is a slip of the finger

InvalidReason = Literal[
    "out-of-range",
    "unknown-option",
    "not-a-number",
    "not-a-date",
    "incomplete-date",
    "not-a-time",
    "too-long",
    "exclusive",
    "words-elsewhere",
    "not-declinable",
]


class OwnWords(str):
    """What was typed beside an open option: told apart from the codes that are sent with it."""

    __slots__ = ()


class InvalidAnswer(CareplanError):
    def __init__(self, link_id: str, reason: InvalidReason) -> None:
        super().__init__(f"{link_id}: {reason}")
        self.link_id = link_id
        self.reason: InvalidReason = reason


def parse_answer(item: Item, raw: Sequence[str]) -> Answer:
    """What a browser or a key-in screen sends for one question."""
    values = [text.strip() for text in raw if text.strip() and not isinstance(text, OwnWords)]
    words = own_words(raw)
    if not values and not words:
        return UNANSWERED
    if "declined" in values:
        if not item.declinable:
            raise InvalidAnswer(item.link_id, "not-declinable")
        return DECLINED
    if item.type is ItemType.INFO:
        raise UnknownItem(item.link_id)
    if words:
        values = _with_own_words(item, values, words)
    return answered(_PARSERS[item.type](item, values), words)


def own_words(raw: Sequence[str]) -> str:
    return next((text.strip() for text in raw if isinstance(text, OwnWords)), "")


def as_sent(value: Any) -> list[str]:
    """An answer as a file has it, a value, a list of codes or {codes, words}, as a browser would send it."""
    if isinstance(value, dict) and set(value) == {"codes", "words"}:
        return [*as_sent(value["codes"]), OwnWords(value["words"])]
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]


def sent_again(answer: Answer, lang: str) -> list[str]:
    """What a browser sends to give this answer once more."""
    if answer.state is AnswerState.DECLINED:
        return ["declined"]
    if not answer.is_answered:
        return []
    if answer.number is not None:
        exact = f"{answer.number:.12f}".rstrip("0").rstrip(".")
        return [exact if lang == "en" else exact.replace(".", ",")]
    return [*answer.codes, *([OwnWords(answer.words)] if answer.words else [])]


def _whole_number(item: Item, values: Sequence[str]) -> int:
    number = _decimal_number(item, values)
    if number != int(number):
        raise InvalidAnswer(item.link_id, "not-a-number")
    return int(number)


def _decimal_number(item: Item, values: Sequence[str]) -> float:
    compact = values[0].replace("\u00a0", "").replace(" ", "").replace("\u2212", "-").replace(",", ".")
    # float() also reads digits of other scripts, "1_0" and "nan"; a clinical figure is plain.
    if not re.fullmatch(r"[+-]?[0-9]{1,12}(\.[0-9]{0,12})?", compact):
        raise InvalidAnswer(item.link_id, "not-a-number")
    number = float(compact)
    low, high = (item.scale.min, item.scale.max) if item.scale else (item.min, item.max)
    if (low is not None and number < low) or (high is not None and number > high):
        raise InvalidAnswer(item.link_id, "out-of-range")
    return number


def _iso_date(item: Item, values: Sequence[str]) -> str:
    """A day, or as much of it as the question takes: 2026-03 or 2026."""
    year, month, day = (*values[0].split("-"), "", "")[:3]
    parts = [part for part in (year, month, day) if part]
    if "-".join(parts) == values[0]:
        if len(parts) < _LEAST_PARTS[item.precision]:
            raise InvalidAnswer(item.link_id, "incomplete-date" if _is_date(parts) else "not-a-date")
        if _is_date(parts):
            return values[0]
    elif re.fullmatch(r"[0-9]{0,4}(-[0-9]{0,2}){0,2}", values[0]):
        raise InvalidAnswer(item.link_id, "incomplete-date")
    raise InvalidAnswer(item.link_id, "not-a-date")


def _is_date(parts: Sequence[str]) -> bool:
    """Whether these are year, month and day as ISO writes them, as far as they go, and such a day exists."""
    if not re.fullmatch(r"[0-9]{4}(-[0-9]{2}){0,2}", "-".join(parts)):
        return False
    try:
        on = date(*map(int, (*parts, "1", "1")[:3]))
    except ValueError:
        return False
    return EARLIEST_YEAR <= on.year <= LATEST_YEAR


_LEAST_PARTS: Mapping[Precision, int] = {"day": 3, "month": 2, "year": 1}


def _clock_time(item: Item, values: Sequence[str]) -> str:
    """7.30, 07:30, 0730, "klockan 7" and the like as HH:MM."""
    found = re.fullmatch(r"(?:kl(?:ockan|\.)?\s*)?([0-9]{1,2})(?:[.:, ]?([0-9]{2}))?", values[0].lower())
    if found is None or int(found[1]) > 23 or int(found[2] or 0) > 59:
        raise InvalidAnswer(item.link_id, "not-a-time")
    return f"{int(found[1]):02}:{found[2] or '00'}"


def _free_text(item: Item, values: Sequence[str]) -> str:
    if len(values[0]) > LONGEST_TEXT:
        raise InvalidAnswer(item.link_id, "too-long")
    return values[0]


def _code(item: Item, values: Sequence[str]) -> str:
    return _codes(item, values[:1])[0]


def _codes(item: Item, values: Sequence[str]) -> tuple[str, ...]:
    """The chosen codes in the order of the questionnaire, each once."""
    chosen = tuple(option for option in item.options if option.value in values)
    if {option.value for option in chosen} != set(values):
        raise InvalidAnswer(item.link_id, "unknown-option")
    if len(chosen) > 1 and any(option.exclusive for option in chosen):
        raise InvalidAnswer(item.link_id, "exclusive")
    return tuple(option.value for option in chosen)


def _with_own_words(item: Item, values: Sequence[str], words: str) -> list[str]:
    """The codes of an answer with own words: whoever writes them has chosen the open option."""
    own = item.open_option
    if own is None:
        raise InvalidAnswer(item.link_id, "unknown-option")
    if len(words) > LONGEST_WORDS:
        raise InvalidAnswer(item.link_id, "too-long")
    alone = {option.value for option in item.options if option.exclusive or item.type is ItemType.CHOICE}
    if own.value not in values and alone & set(values):
        raise InvalidAnswer(item.link_id, "words-elsewhere")
    return [*values, own.value]


_PARSERS: Mapping[ItemType, Callable[[Item, Sequence[str]], Value]] = {
    ItemType.SCALE: _whole_number,
    ItemType.VAS: _whole_number,
    ItemType.INTEGER: _whole_number,
    ItemType.DECIMAL: _decimal_number,
    ItemType.DATE: _iso_date,
    ItemType.TIME: _clock_time,
    ItemType.TEXT: _free_text,
    ItemType.CHOICE: _code,
    ItemType.CHOICES: _codes,
}
