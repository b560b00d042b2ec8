"""Scores as read-only items. Those that are simple stand there as guarded expressions, too: nothing, and never a part,
where too few items are answered."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from careplan.domain.binding import bound
from careplan.domain.keys import KeyItem, ScoringKey
from careplan.domain.questionnaire import NUMERIC, ItemType
from careplan.domain.scoring import Method, Scale
from careplan.fhir.answer_options import Wrong, key_of
from careplan.fhir.conditions import quoted
from careplan.fhir.elements_out import Writer, calculated, ends
from careplan.fhir.extensions import ITEM_WEIGHT, WEIGHTS, all_extensions
from careplan.fhir.wire import Json
from careplan.library.document import validated
from careplan.library.instruments import parse_key
from careplan.library.key_schema import KeyModel, KeyScaleModel


@dataclass(frozen=True, slots=True)
class _Part:
    """Where others find an item's number: the answer itself, or the weight of its option; `turned` less that number."""

    link_id: str
    weight: str = ""
    turned: float | None = None


def score_items(content: Mapping[str, Any], key_text: str, writer: Writer) -> Iterator[tuple[str, Json]]:
    """Each score's id and item: those of the form itself, or of the key that it is bound to."""
    if "instrument" in content:
        if key_text:
            yield from _of_key(content, key_text, writer)
        return
    items = {item["link_id"]: item for item in content["items"]}
    for score in content.get("scores", ()):
        counted = [items.get(link_id, {}) for link_id in score["items"]]
        parts = None
        if all(item.get("type") in NUMERIC for item in counted):
            parts = [_Part(str(writer.elements[item["link_id"]]["linkId"])) for item in counted]
        expression = parts and _guarded(score["method"], parts, score["at_least"], _range_of(counted))
        yield score["id"], _element(score["title"], expression or "", writer)


def _range_of(items: Sequence[Mapping[str, Any]]) -> tuple[Any, ...]:
    """The lowest and highest value that all of them share; None and None where they differ."""
    ranges = {tuple(ends(item).values()) for item in items}
    return ranges.pop() if len(ranges) == 1 else (None, None)


def _element(title: Mapping[str, str], expression: str, writer: Writer) -> Json:
    element: Json = {"type": "decimal", "readOnly": True}
    writer.texts(element, "text", title)
    if expression:
        calculated(element, expression)
    return element


def _of_key(content: Mapping[str, Any], key_text: str, writer: Writer) -> Iterator[tuple[str, Json]]:
    key, document = parse_key(key_text, "the scoring key")
    models = {model.id: model for model in validated(KeyModel, document).scales}
    instrument = content["instrument"]
    items = {item["link_id"]: item for item in content["items"]}
    parts = {
        name: part
        for link_id, name in instrument["items"].items()
        if link_id in items and name in key.items
        if (part := _part(items[link_id], key.items[name], instrument.get("answers", {}).get(link_id, {}), writer))
    }
    binding = bound(key, instrument["items"], {})
    for scale in binding.scales:
        yield scale.id, _element(scale.title, _of_scale(scale, models[scale.id], key, parts), writer)
    for profile in binding.profiles:
        yield profile.id, _element(profile.title, "", writer) | {"type": "string"}


def _of_scale(scale: Scale, model: KeyScaleModel, key: ScoringKey, parts: Mapping[str, _Part]) -> str:
    """Empty where the rule is more than a sum or a mean of items, or where an item's number is not in its answer."""
    others = [*model.items, *(model.also_answered.items if model.also_answered else ())]
    if model.scores or model.not_applicable_when or not set(others) <= parts.keys():
        return ""
    ranges = {key.items[name].ends for name in model.items}
    found = [
        _Part(parts[name].link_id, parts[name].weight, sum(key.items[name].ends) if name in model.reverse else None)
        for name in model.items
    ]
    more = ""
    if model.also_answered is not None:
        least = len(model.also_answered.items) * model.also_answered.more_than_percent // 100 + 1
        more = f" and {_values([parts[name] for name in model.also_answered.items])}.count() >= {least}"
    low, high = ranges.pop() if len(ranges) == 1 else (None, None)
    if model.invert:
        low, high = high, low
    decimals = model.decimals if "decimals" in model.model_fields_set else None
    return _guarded(model.method, found, scale.at_least, (low, high), times=model.times, decimals=decimals, more=more)


def _part(item: Mapping[str, Any], part: KeyItem, called: Mapping[str, Any], writer: Writer) -> _Part | None:
    """None where what the answer counts does not stand in it."""
    element = writer.elements[item["link_id"]]
    link_id = str(element["linkId"])
    if part.several or part.steps or part.zero_after is not None:
        return None
    if item["type"] in NUMERIC:
        counts_as_it_stands = part.decimal is not None or all(value == count for value, count in part.points.items())
        return _Part(link_id) if counts_as_it_stands else None
    if item["type"] != ItemType.CHOICE or "answerOption" not in element:
        return None
    counts = {str(value): count for value, count in part.points.items()}
    values = [option["value"] for option in item["options"]]
    weights = [counts.get(str(called.get(value, value))) for value in values]
    url = _weighed(element["answerOption"], weights)
    return _Part(link_id, url) if url else None


def _weighed(options: Sequence[Json], weights: Sequence[float | None]) -> str:
    """The address by which every option says its weight; empty where the file says other weights than the key."""
    if len(options) != len(weights) or None in weights:
        return ""
    urls = {_url_of(option, weight) for option, weight in zip(options, weights, strict=True)}
    if len(urls) > 1 or "" in urls:
        return ""
    for option, weight in zip(options, weights, strict=True):
        if not any(each["url"] in WEIGHTS for each in _extensions_of(option)):
            option["extension"] = [*option.get("extension", ()), {"url": ITEM_WEIGHT, "valueDecimal": _plain(weight)}]
    return urls.pop()


def _url_of(option: Json, weight: float | None) -> str:
    """Where an answer with this option says its weight; empty where it says another one."""
    try:
        kind = key_of(option, "value")[0]
    except Wrong:
        return ""
    if kind != "Coding":
        return ""
    said = [each for each in _extensions_of(option) if each["url"] in WEIGHTS]
    if any(value != weight for each in said for name, value in each.items() if name.startswith("value")):
        return ""
    inside = [each["url"] for each in all_extensions(option["valueCoding"]) if each["url"] in WEIGHTS]
    # What stands beside the code is written on it in an answer, as an item's weight.
    return str(inside[0]) if inside else ITEM_WEIGHT


def _extensions_of(option: Json) -> list[Json]:
    return [*all_extensions(option), *all_extensions(option.get("valueCoding"))]


def _guarded(
    method: str,
    parts: Sequence[_Part],
    at_least: int,
    item_range: tuple[Any, ...],
    *,
    times: int = 1,
    decimals: int | None = None,
    more: str = "",
) -> str:
    """FHIRPath; empty for a method that is no simple arithmetic. A range from high to low turns the score."""
    values = _values(parts)
    total, count = f"({values}.aggregate($this + $total, 0))", f"({values}.count())"
    prorated = f"{total} * {len(parts)} / {count}"
    formulas = {
        Method.SUM: total if times == 1 else f"{total} * {times}",
        Method.MEAN: f"{total} / {count}",
        Method.PRORATED_SUM: prorated if decimals is None else f"({prorated}).round({decimals})",
    }
    first, last = item_range
    if first is not None and last is not None:
        formulas[Method.LINEAR] = f"({total} / {count} - {_written(first)}) * 100 / {_written(last - first)}"
    formula = formulas.get(Method(method))
    return f"iif({count} >= {max(at_least, 1)}{more}, {formula}, {{}})" if formula else ""


def _values(parts: Sequence[_Part]) -> str:
    """All numbers that are there."""
    found = []
    for (weight, turned), alike in groupby(sorted(parts, key=_way), key=_way):
        same = " or ".join(f"linkId={quoted(part.link_id)}" for part in alike)
        values = f"%resource.repeat(item).where({same}).answer.value"
        values += f".extension.where(url={quoted(weight)}).value" if weight else ""
        found.append(values if turned == "" else f"{values}.select({turned} - $this)")
    return found[0] + "".join(f".combine({each})" for each in found[1:])


def _way(part: _Part) -> tuple[str, str]:
    return part.weight, "" if part.turned is None else _written(part.turned)


def _written(number: float) -> str:
    return f"({_plain(number)})" if number < 0 else str(_plain(number))


def _plain(number: float | None) -> float | None:
    """A whole number as one."""
    return int(number) if number is not None and float(number).is_integer() else number
