"""Keys of a question that its type needs or must not have."""

from collections.abc import Iterator

from careplan.domain.questionnaire import NUMERIC, ItemType
from careplan.library.schema import ItemModel

_ON_A_LINE = frozenset({ItemType.SCALE, ItemType.VAS})
_CHOSEN = frozenset({ItemType.CHOICE, ItemType.CHOICES})


def misfits(model: ItemModel) -> Iterator[tuple[str, str]]:
    """Keys that an item of this type needs or must not have."""
    if model.type is not ItemType.INFO and model.short is None:
        yield "link_id", f"'{model.link_id}' needs 'short'"
    yield from _scale_misfits(model)
    yield from _option_misfits(model)
    if model.type not in (ItemType.INTEGER, ItemType.DECIMAL) and (model.min, model.max, model.unit) != (None,) * 3:
        yield "type", "'min', 'max' and 'unit' belong to integer and decimal items"
    if model.min is not None and model.max is not None and model.min >= model.max:
        yield "min", "'min' must be less than 'max'"
    if model.wish and model.type is ItemType.INFO:
        yield "wish", "an info item cannot be wished for"
    if model.type is not ItemType.DATE and "precision" in model.model_fields_set:
        yield "precision", "'precision' belongs to date items"
    if model.reuse_days is not None and model.concept is None:
        yield "reuse_days", "'reuse_days' needs 'concept': the same question in other forms"
    if (model.same_as_last or model.concept) and model.type in (ItemType.INFO, ItemType.TEXT):
        yield "type", "own words and information are not answered once for several forms"


def _scale_misfits(model: ItemModel) -> Iterator[tuple[str, str]]:
    if (model.type in _ON_A_LINE) != (model.scale is not None):
        yield "type", "'scale' belongs to items of type scale and vas, and each of them needs it"
    if model.type is ItemType.SCALE and model.scale is not None and not {"min", "max"} <= model.scale.model_fields_set:
        yield "scale", "the scale needs 'min' and 'max'; only a vas goes from 0 to 100 of itself"
    if model.type in _ON_A_LINE and model.higher_means is None:
        yield "link_id", f"'{model.link_id}' needs 'higher_means' (more-trouble or better)"
    if model.type not in NUMERIC and model.higher_means is not None:
        yield "higher_means", "'higher_means' belongs to items with numbers"
    if model.scale is not None and not 0 < model.scale.max - model.scale.min <= 100:
        yield "scale", "the scale must go from low to high, in at most 100 steps"


def _option_misfits(model: ItemModel) -> Iterator[tuple[str, str]]:
    values = [option.value for option in model.options]
    if (model.type in _CHOSEN) != bool(values):
        yield "type", "'options' belong to items of type choice and choices, and each of them needs some"
    for value in values:
        if values.count(value) > 1:
            yield "options", f"the option '{value}' stands twice"
    if "declined" in values:
        yield "options", "'declined' is the answer of somebody who does not want to answer; name the option otherwise"
    if model.type is ItemType.CHOICE and any(option.exclusive for option in model.options):
        yield "options", "'exclusive' belongs to choices, where several may be picked"
    if sum(option.open for option in model.options) > 1:
        yield "options", "own words belong to one option; more than one is 'open'"
    for option in model.options:
        if option.open and option.exclusive:
            yield "options", f"'{option.value}' is exclusive and cannot be open, too"
