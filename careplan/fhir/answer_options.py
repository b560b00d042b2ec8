"""The options of a choice, wherever the file keeps them, with what each of them weighs."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from careplan.fhir.extensions import OPTION_EXCLUSIVE, WEIGHTS, all_extensions, texts, value_of
from careplan.fhir.wire import Json

MOST_OPTIONS = 200
_OTHER = {"sv": "Annat", "en": "Other"}
_YES_NO = (("true", {"sv": "Ja", "en": "Yes"}), ("false", {"sv": "Nej", "en": "No"}))


class NotAsked(Exception):
    """The item cannot be asked as it is meant; it is carried word for word."""


class Wrong(Exception):
    """The item contradicts itself or its file."""


# What an answer is compared by: its type, its system where it is a code, and its value.
Key = tuple[str, str, str]
OPEN: Key = ("Open", "", "")  # of an option that the file does not have


@dataclass(frozen=True, slots=True)
class ReadOption:
    value: str
    text: Mapping[str, str]
    key: Key
    exclusive: bool = False
    weight: float | None = None
    open: bool = False  # own words may stand beside it

    def as_content(self) -> dict[str, Any]:
        content: dict[str, Any] = {"value": self.value, "text": dict(self.text)}
        return content | {word: True for word in ("exclusive", "open") if getattr(self, word)}


def yes_and_no() -> tuple[ReadOption, ...]:
    return tuple(ReadOption(value, text, ("Boolean", "", value)) for value, text in _YES_NO)


def read_options(element: Json, value_sets: Mapping[str, Json], lang: str) -> tuple[ReadOption, ...]:
    """Raises NotAsked where they are not all there, Wrong where they contradict each other."""
    found: dict[Key, ReadOption] = {}
    taken: set[str] = set()
    for value, text, key, holders, exclusive in _given(element, value_sets, lang):
        if key in found:
            raise Wrong(f"the option '{key[2]}' stands twice")
        if len(found) == MOST_OPTIONS:
            raise NotAsked(f"it has more than {MOST_OPTIONS} options")
        code = _code(value, taken)
        taken.add(code)
        found[key] = ReadOption(code, text, key, exclusive, _weight(key, holders))
    if not found:
        raise NotAsked("it has no options")
    return tuple(found.values())


def with_open(options: Sequence[ReadOption], label: Any, lang: str) -> tuple[ReadOption, ...]:
    """The options of a choice that takes own words, too: beside the one that is called like `label`, or another."""
    named = {lang: label} if isinstance(label, str) and label.strip() else _OTHER
    for number, option in enumerate(options):
        if option.text.get(lang) == named.get(lang):
            if option.exclusive:
                raise NotAsked("own words stand beside an option that excludes others")
            return (*options[:number], replace(option, open=True), *options[number + 1 :])
    code = _code("other", {option.value for option in options})
    return (*options, ReadOption(code, named if lang in named else {lang: _OTHER["en"]}, OPEN, open=True))


def key_of(holder: Json, stem: str) -> Key:
    """What the one `stem`[x] of the holder is compared by; raises Wrong unless there is exactly one."""
    names = [name for name in holder if name.startswith(stem) and name[len(stem) :][:1].isupper()]
    if len(names) != 1:
        raise Wrong(f"it needs exactly one {stem}[x]")
    kind, value = names[0][len(stem) :], holder[names[0]]
    if kind == "Coding":
        if not isinstance(value, dict):
            raise Wrong(f"'{names[0]}' must be an object")
        code = value.get("code", value.get("display"))
        return _checked(kind, value.get("system", ""), code)
    if isinstance(value, bool):
        return kind, "", str(value).lower()
    return _checked(kind, "", f"{value:g}" if isinstance(value, float) else value)


def _checked(kind: str, system: Any, value: Any) -> Key:
    if not isinstance(system, str) or not isinstance(value, str | int) or not str(value).strip():
        raise Wrong(f"a {kind} without a value")
    return kind, system, str(value)


def _given(
    element: Json, value_sets: Mapping[str, Json], lang: str
) -> Iterator[tuple[str, Mapping[str, str], Key, tuple[Any, ...], bool]]:
    """Each option's code, text, key, the parts that may bear its weight, and whether it stands alone."""
    for option in element.get("answerOption", ()):
        key = key_of(option, "value")
        given = option[f"value{key[0]}"]
        if key[0] == "Reference":
            raise NotAsked("its options are references")
        if not isinstance(given, str | dict | int):
            raise NotAsked(f"its options are of type {key[0]}")
        if isinstance(given, dict):
            text = _text(given.get("display", key[2]), given.get("_display"), lang)
        else:
            text = _text(str(given), option.get(f"_value{key[0]}"), lang)
        yield key[2], text, key, (option, given), value_of(option, OPTION_EXCLUSIVE, "Boolean") is True
    address = element.get("answerValueSet")
    if address is None:
        return
    value_set = value_sets.get(address.removeprefix("#")) if address.startswith("#") else None
    if value_set is None:
        raise NotAsked(f"its options lie in the value set {address[:200]}, which is not in the file")
    for system, concept in _concepts(value_set):
        key = _checked("Coding", system, concept.get("code"))
        text = _text(concept.get("display", key[2]), concept.get("_display"), lang)
        yield key[2], text, key, (concept,), False


def _concepts(value_set: Json) -> Iterator[tuple[Any, Json]]:
    """The listed concepts. A set that is a rule for finding concepts cannot be read here."""
    compose, expansion = value_set.get("compose"), value_set.get("expansion")
    if isinstance(expansion, dict):
        for concept in _objects(expansion.get("contains")):
            if "contains" in concept or concept.get("abstract") is True or concept.get("inactive") is True:
                raise NotAsked("its value set is a tree")
            yield concept.get("system", ""), concept
        return
    if not isinstance(compose, dict) or "exclude" in compose:
        raise NotAsked("its value set does not list its codes")
    for included in _objects(compose.get("include")):
        if "filter" in included or "valueSet" in included or "concept" not in included:
            raise NotAsked("its value set does not list its codes")
        for concept in _objects(included["concept"]):
            yield included.get("system", ""), concept


def _objects(value: Any) -> list[Json]:
    if not isinstance(value, list) or not all(isinstance(part, dict) for part in value):
        raise NotAsked("its value set does not list its codes")
    return value


def _text(text: Any, sibling: Any, lang: str) -> dict[str, str]:
    if not isinstance(text, str) or not text.strip():
        raise NotAsked("an option has no text")
    return texts(text, sibling, lang)


def _weight(key: Key, holders: tuple[Any, ...]) -> float | None:
    """The one weight that all its bearers agree on."""
    weights = [
        value
        for holder in holders
        for extension in all_extensions(holder)
        if extension.get("url") in WEIGHTS
        for name, value in extension.items()
        if name.startswith("value")
    ]
    for holder in holders:
        weights += _weights_of_properties(holder)
    for weight in weights:
        if isinstance(weight, bool) or not isinstance(weight, int | float) or not math.isfinite(weight):
            raise Wrong(f"the option '{key[2]}' has a weight that is no number")
    if len(set(weights)) > 1:
        different = " and ".join(f"{weight:g}" for weight in sorted(set(weights)))
        raise Wrong(f"the option '{key[2]}' has conflicting weights: {different}")
    return float(weights[0]) if weights else None


def _weights_of_properties(holder: Any) -> Iterator[Any]:
    """As R5's expansion has them."""
    properties = holder.get("property") if isinstance(holder, dict) else None
    for each in properties if isinstance(properties, list) else ():
        if isinstance(each, dict) and each.get("code") in ("itemWeight", "ordinalValue", "weight"):
            yield each.get("valueDecimal", each.get("valueInteger"))


def _code(text: str, taken: set[str]) -> str:
    """The code itself where content may name an option so; else what is nearest to it."""
    code = re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("-._")[:60] or "option"
    if code == "declined":  # means "I do not want to answer" everywhere
        code = "option-declined"
    return next(name for name in _numbered(code) if name not in taken)


def _numbered(name: str) -> Iterator[str]:
    yield name
    number = 2
    while True:
        yield f"{name}-{number}"
        number += 1
