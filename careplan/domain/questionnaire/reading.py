"""From what a browser or a key-in screen sends to an answer."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Literal

from careplan.domain.answers import DECLINED, UNANSWERED, Answer, Value, answered
from careplan.domain.errors import CareplanError
from careplan.domain.questionnaire.items import Item, ItemType, UnknownItem

LONGEST_TEXT = 4000

InvalidReason = Literal[
    "out-of-range", "unknown-option", "not-a-number", "not-a-date", "too-long", "exclusive", "not-declinable"
]


class InvalidAnswer(CareplanError):
    def __init__(self, link_id: str, reason: InvalidReason) -> None:
        super().__init__(f"{link_id}: {reason}")
        self.link_id = link_id
        self.reason: InvalidReason = reason


def parse_answer(item: Item, raw: Sequence[str]) -> Answer:
    """What a browser or a key-in screen sends for one question."""
    values = [text.strip() for text in raw if text.strip()]
    if not values:
        return UNANSWERED
    if "declined" in values:
        if not item.declinable:
            raise InvalidAnswer(item.link_id, "not-declinable")
        return DECLINED
    if item.type is ItemType.INFO:
        raise UnknownItem(item.link_id)
    return answered(_PARSERS[item.type](item, values))


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
    try:
        parsed = date.fromisoformat(values[0]).isoformat()
    except ValueError:
        parsed = ""
    # fromisoformat also reads "20260301" and week dates, which nobody means here.
    if parsed != values[0]:
        raise InvalidAnswer(item.link_id, "not-a-date")
    return parsed


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


_PARSERS: Mapping[ItemType, Callable[[Item, Sequence[str]], Value]] = {
    ItemType.SCALE: _whole_number,
    ItemType.INTEGER: _whole_number,
    ItemType.DECIMAL: _decimal_number,
    ItemType.DATE: _iso_date,
    ItemType.TEXT: _free_text,
    ItemType.CHOICE: _code,
    ItemType.CHOICES: _codes,
}
