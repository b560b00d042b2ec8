"""Which FHIR item becomes what here: one row a type."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from careplan.domain.questionnaire import ItemType
from careplan.fhir.answer_options import NotAsked, ReadOption, Wrong, read_options, with_open, yes_and_no
from careplan.fhir.extensions import (
    CQF_EXPRESSION,
    ENTRY_FORMAT,
    HIDDEN,
    HOLD_BACK,
    MAX_VALUE,
    MIN_VALUE,
    OPEN_LABEL,
    UNIT,
    extensions,
    texts,
    value_of,
)
from careplan.fhir.r5 import ANSWER_CONSTRAINT
from careplan.fhir.wire import Json

MOST_OPTIONS_OF_ALL = 20_000


@dataclass(slots=True)
class Surroundings:
    """What an item needs to know of its file, and how many options the file may still have."""

    lang: str
    value_sets: Mapping[str, Json]
    read_sets: dict[str, tuple[ReadOption, ...]] = field(default_factory=dict)  # each value set is read once
    options_left: int = MOST_OPTIONS_OF_ALL

    def options_of(self, element: Json) -> tuple[ReadOption, ...]:
        options = self._options_of(element)
        if len(options) > self.options_left:
            raise NotAsked(f"the questionnaire has more than {MOST_OPTIONS_OF_ALL} options")
        self.options_left -= len(options)
        return options

    def _options_of(self, element: Json) -> tuple[ReadOption, ...]:
        address = element.get("answerValueSet")
        if address is None or "answerOption" in element:
            return read_options(element, self.value_sets, self.lang)
        if address not in self.read_sets:
            self.read_sets[address] = read_options(element, self.value_sets, self.lang)
        return self.read_sets[address]


@dataclass(frozen=True, slots=True)
class Reading:
    """What an item is here: the keys of its type in the content format, and its options with their weights."""

    type: ItemType
    fields: Mapping[str, Any]
    options: Sequence[ReadOption] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """`read` gives the reading. Without it, items of the type are kept, and `why` says why."""

    read: Callable[[Json, Surroundings], Reading] | None = None
    why: str = ""
    value: str = ""  # the answer's value[x]


def read_item(element: Json, surroundings: Surroundings) -> Reading:
    """Raises NotAsked where it cannot be asked as meant, Wrong where it contradicts itself."""
    row = TYPES[element["type"]]
    _check_initial(element, limits_of(element))
    refrain_from(element)
    if element.get("readOnly") is True and element["type"] != "display":
        raise NotAsked("it is read-only")
    if row.read is None:
        raise NotAsked(row.why)
    if not element.get("text", "").strip():
        raise NotAsked("it has no text")
    return row.read(element, surroundings)


def refrain_from(element: Json) -> None:
    """Raises NotAsked where an element of any item or group says that it is not simply shown."""
    for url, reason in HOLD_BACK.items():
        if any(extensions(element, url)):
            raise NotAsked(reason)
    if value_of(element, HIDDEN, "Boolean") is True:
        raise NotAsked("it is hidden")
    if any(extensions(element.get("_text"), CQF_EXPRESSION)):
        raise NotAsked("its text comes from an expression, and expressions are never run")
    if value_of(element, ANSWER_CONSTRAINT, "Code") == "optionsOrType":
        raise NotAsked("it takes answers beside its options")


def limits_of(element: Json) -> dict[str, int | float]:
    """The range of a number; raises Wrong where it is none."""
    limits: dict[str, int | float] = {}
    for key, url in (("min", MIN_VALUE), ("max", MAX_VALUE)):
        value = value_of(element, url, "Integer", "Decimal")
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise Wrong(f"its {key}Value is no number")
        limits[key] = value if isinstance(value, int) else float(value)
    if limits.get("min", 0) > limits.get("max", limits.get("min", 0)):
        raise Wrong("its least value is above its greatest")
    return limits


def _choice(element: Json, surroundings: Surroundings) -> Reading:
    options = surroundings.options_of(element)
    several = element.get("repeats") is True
    if not several and any(option.exclusive for option in options):
        raise NotAsked("an option excludes others where only one can be chosen")
    kind = ItemType.CHOICES if several else ItemType.CHOICE
    return Reading(kind, {"options": [option.as_content() for option in options]}, options)


def _open_choice(element: Json, surroundings: Surroundings) -> Reading:
    chosen = _choice(element, surroundings)
    label = value_of(element, OPEN_LABEL, "String")
    options = with_open(chosen.options, label, surroundings.lang)
    return Reading(chosen.type, {"options": [option.as_content() for option in options]}, options)


def _date(element: Json, surroundings: Surroundings) -> Reading:
    """A day; where the file shows that a month or a year is enough, so it is."""
    plain = _plain(ItemType.DATE)(element, surroundings)
    precision = precision_of(element)
    return Reading(plain.type, {"precision": precision} if precision else {})


def precision_of(element: Json) -> str:
    shown = value_of(element, ENTRY_FORMAT, "String")
    return next((name for name, form in FORMATS.items() if isinstance(shown, str) and form == shown.upper()), "")


def _boolean(element: Json, surroundings: Surroundings) -> Reading:
    _one_answer(element)
    options = yes_and_no()
    return Reading(ItemType.CHOICE, {"options": [option.as_content() for option in options]}, options)


def _number(kind: ItemType) -> Callable[[Json, Surroundings], Reading]:
    def read(element: Json, surroundings: Surroundings) -> Reading:
        _one_answer(element)
        fields: dict[str, Any] = limits_of(element)
        if "min" in fields and fields["min"] == fields.get("max"):
            raise NotAsked("only one number is allowed")
        unit = value_of(element, UNIT, "Coding")
        if isinstance(unit, dict):
            words = unit.get("display", unit.get("code"))
            if isinstance(words, str) and words.strip():
                fields["unit"] = texts(words, unit.get("_display"), surroundings.lang)
        return Reading(kind, fields)

    return read


def _plain(kind: ItemType) -> Callable[[Json, Surroundings], Reading]:
    def read(element: Json, surroundings: Surroundings) -> Reading:
        _one_answer(element)
        for url in (MIN_VALUE, MAX_VALUE):
            if any(extensions(element, url)):
                raise NotAsked("its range of values is not held here")
        return Reading(kind, {})

    return read


def _one_answer(element: Json) -> None:
    if element.get("repeats") is True:
        raise NotAsked("it takes several answers")
    if "answerOption" in element or "answerValueSet" in element:
        raise NotAsked(f"options for an answer of type {element['type']}")


def _check_initial(element: Json, limits: Mapping[str, int | float]) -> None:
    """A first value that the item's own limits forbid means that one of them is wrong."""
    for initial in element.get("initial", ()):
        number = initial.get("valueInteger", initial.get("valueDecimal"))
        if isinstance(number, int | float) and not (limits.get("min", number) <= number <= limits.get("max", number)):
            raise Wrong(f"its initial value {number:g} is out of its range")
        day = initial.get("valueDate")
        if isinstance(day, str) and len(day) == 10:
            _check_day(day)


def _check_day(day: str) -> None:
    try:
        date.fromisoformat(day)
    except ValueError:
        raise Wrong(f"its initial value {day} is no date") from None


GROUP = "group"
# How a date is to be written that need not be a day.
FORMATS = {"month": "YYYY-MM", "year": "YYYY"}
TYPES: Mapping[str, Row] = {
    "boolean": Row(_boolean, value="Boolean"),
    "choice": Row(_choice, value="Coding"),
    "date": Row(_date, value="Date"),
    "decimal": Row(_number(ItemType.DECIMAL), value="Decimal"),
    "display": Row(_plain(ItemType.INFO)),
    "integer": Row(_number(ItemType.INTEGER), value="Integer"),
    "string": Row(_plain(ItemType.TEXT), value="String"),
    "text": Row(_plain(ItemType.TEXT), value="String"),
    "time": Row(_plain(ItemType.TIME), value="Time"),
    "open-choice": Row(_open_choice, value="Coding"),
    "attachment": Row(why="files are not taken"),
    "dateTime": Row(why="a day with a time of day is not asked for yet"),
    "quantity": Row(why="a number with a unit to choose is not asked for yet"),
    "reference": Row(why="references to other records are not asked for"),
    "url": Row(why="web addresses are not asked for"),
}
