"""JSON as it comes and goes: what is too large, too deep or ambiguous is refused, and numbers stay as written."""

import json
import math
import re
from collections.abc import Iterator
from json.encoder import encode_basestring  # type: ignore[attr-defined]
from typing import Any

from careplan.fhir.report import FileRefused

Json = dict[str, Any]

MOST_BYTES = 20_000_000
DEEPEST = 64
MOST_PARTS = 500_000
_LONGEST_NUMBER = 40
# FHIR strings hold no control characters; lone surrogates are not text in any encoding.
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


class Figure(float):
    """A decimal that remembers how it was written: 1.50 says more than 1.5."""

    text: str

    def __new__(cls, text: str) -> "Figure":
        figure = super().__new__(cls, text)
        figure.text = text
        return figure


def read_json(data: bytes) -> Any:
    """Raises FileRefused for what is not plain, finite, unambiguous JSON within the limits."""
    if len(data) >= MOST_BYTES:
        raise FileRefused(f"the file has {len(data)} bytes; less than {MOST_BYTES} are read")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileRefused("the file is not UTF-8", data.count(b"\n", 0, error.start) + 1) from None
    try:
        value = json.loads(
            text,
            parse_float=_decimal,
            parse_int=_whole,
            parse_constant=_no_number,
            object_pairs_hook=_each_key_once,
        )
    except json.JSONDecodeError as error:
        raise FileRefused(f"not JSON: {error.msg}", error.lineno) from None
    except RecursionError:
        raise FileRefused(f"nested in more than {DEEPEST} levels") from None
    _check(value)
    return value


def write_json(value: Any) -> str:
    """Compact, in the given order of keys, each number as it was read."""
    return "".join(_written(value))


def found_key(value: Any, key: str) -> bool:
    """Whether an object somewhere in the value has this key."""
    return any(isinstance(part, dict) and key in part for part, _ in _parts(value))


def _written(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield encode_basestring(value)
    elif isinstance(value, dict):
        mark = "{"
        for key, part in value.items():
            yield f"{mark}{encode_basestring(key)}:"
            yield from _written(part)
            mark = ","
        yield "{}" if mark == "{" else "}"
    elif isinstance(value, list):
        mark = "["
        for part in value:
            yield mark
            yield from _written(part)
            mark = ","
        yield "[]" if mark == "[" else "]"
    elif isinstance(value, Figure):
        yield value.text
    else:
        yield json.dumps(value, allow_nan=False)


def _decimal(text: str) -> Figure:
    figure = Figure(text)
    if not math.isfinite(figure):
        raise FileRefused(f"the number {text[:_LONGEST_NUMBER]} is too large")
    return figure


def _whole(text: str) -> int | Figure:
    if len(text) > _LONGEST_NUMBER:
        raise FileRefused(f"the number {text[:_LONGEST_NUMBER]}… is too long")
    return Figure(text) if text == "-0" else int(text)


def _no_number(name: str) -> Any:
    raise FileRefused(f"{name} is not a number")


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise FileRefused(f"the key '{twice[:60]}' stands twice in one object")
    return found


def _check(value: Any) -> None:
    for number, (part, depth) in enumerate(_parts(value)):
        if depth > DEEPEST:
            raise FileRefused(f"nested in more than {DEEPEST} levels")
        if number >= MOST_PARTS:
            raise FileRefused(f"more than {MOST_PARTS} objects, lists and values")
        if isinstance(part, str) and _NO_TEXT.search(part):
            raise FileRefused("a text holds a character that is no text")
        if isinstance(part, dict) and any(_NO_TEXT.search(key) for key in part):
            raise FileRefused("a key holds a character that is no text")


def _parts(value: Any) -> Iterator[tuple[Any, int]]:
    """The value and all that is in it, with its depth; without recursion, which hostile depth would exhaust."""
    waiting = [(value, 0)]
    while waiting:
        part, depth = waiting.pop()
        yield part, depth
        if isinstance(part, dict):
            waiting.extend((child, depth + 1) for child in part.values())
        elif isinstance(part, list):
            waiting.extend((child, depth + 1) for child in part)
