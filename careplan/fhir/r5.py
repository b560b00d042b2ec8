"""R5 Questionnaires in R4's names. What R4 has no name for becomes the extension that HL7 made for it."""

from typing import Any

from careplan.fhir.wire import Json

_EXTENSION = "http://hl7.org/fhir/5.0/StructureDefinition/extension-Questionnaire."
ANSWER_CONSTRAINT = f"{_EXTENSION}item.answerConstraint"
# Each element of R5 alone, with its type in an R4 extension's value[x].
_OF_QUESTIONNAIRE = {"versionAlgorithmString": "String", "versionAlgorithmCoding": "Coding", "copyrightLabel": "String"}
_OF_ITEM = {"disabledDisplay": "Code"}
_CONSTRAINTS = {"optionsOnly": "choice", "optionsOrString": "open-choice"}


def is_r5(element: Json) -> bool:
    """Whether this questionnaire or item has a name that only R5 knows."""
    names = {*_OF_QUESTIONNAIRE, *_OF_ITEM, "answerConstraint"}
    return element.get("type") == "coding" or not names.isdisjoint(element)


def questionnaire_in_r4(resource: Json) -> Json:
    """Without its items, which are translated one by one."""
    return _with_extensions(resource, _OF_QUESTIONNAIRE)


def item_in_r4(item: Json) -> Json:
    """The item itself where it has R4's names already."""
    if not is_r5(item):
        return item
    item = _with_extensions(item, _OF_ITEM)
    constraint = item.pop("answerConstraint", None)
    if isinstance(constraint, str) and constraint in _CONSTRAINTS:
        item["type"] = _CONSTRAINTS[constraint]
        return item
    if item.get("type") == "coding":
        item["type"] = "choice"
    if constraint is not None:
        _extend(item, ANSWER_CONSTRAINT, "Code", constraint)
    return item


def _with_extensions(element: Json, names: dict[str, str]) -> Json:
    element = dict(element)
    for name, kind in names.items():
        if name in element:
            url = _EXTENSION + ("item." if names is _OF_ITEM else "") + name.removesuffix(kind)
            _extend(element, url, kind, element.pop(name))
    return element


def _extend(element: Json, url: str, kind: str, value: Any) -> None:
    given = element.get("extension")
    element["extension"] = [*(given if isinstance(given, list) else []), {"url": url, f"value{kind}": value}]
