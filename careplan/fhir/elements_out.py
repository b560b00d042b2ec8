"""An item of ours as a FHIR item: what of it is new or changed is written, the rest stays as it came."""

from collections.abc import Callable, Mapping
from typing import Any

from careplan.domain.questionnaire import GroupKind, ItemType
from careplan.fhir.answer_options import ReadOption, key_of, read_options
from careplan.fhir.conditions import Tree, as_enable_when, as_expression
from careplan.fhir.extensions import (
    CALCULATED,
    ENABLE_WHEN_EXPRESSION,
    ENTRY_FORMAT,
    ITEM_CONTROL,
    MAX_OCCURS,
    MAX_VALUE,
    MIN_VALUE,
    OPEN_LABEL,
    OPTION_EXCLUSIVE,
    SHORT_TEXT,
    SLIDER_STEP,
    TRANSLATION,
    UNIT,
    translations,
    value_of,
)
from careplan.fhir.item_types import FORMATS
from careplan.fhir.wire import Json

# FHIR's own order of the elements; what is not in it comes before the children.
_QUESTIONNAIRE = (
    "resourceType id meta implicitRules language text contained extension url identifier version name title _title "
    "derivedFrom status experimental subjectType date publisher contact description useContext jurisdiction purpose "
    "_purpose copyright approvalDate lastReviewDate effectivePeriod code"
)
_ITEM = (
    "id extension linkId definition code prefix _prefix text _text type enableWhen enableBehavior required repeats "
    "readOnly maxLength answerValueSet answerOption initial"
)
_RANKS = {
    names: {key: rank for rank, key in enumerate(names.split())} | {"item": 1000} for names in (_QUESTIONNAIRE, _ITEM)
}
_CONTROLS = "http://hl7.org/fhir/questionnaire-item-control"

_CONTROL_OF = {GroupKind.PAGE: "page", GroupKind.MATRIX: "table"}
FHIR_TYPES: Mapping[str, str] = {
    ItemType.SCALE: "integer",
    ItemType.VAS: "integer",
    ItemType.VAS: "integer",
    ItemType.CHOICE: "choice",
    ItemType.CHOICES: "choice",
    ItemType.INTEGER: "integer",
    ItemType.DECIMAL: "decimal",
    ItemType.DATE: "date",
    ItemType.TIME: "time",
    ItemType.TIME: "time",
    ItemType.TEXT: "text",
    ItemType.INFO: "display",
}


def ordered(element: Json) -> Json:
    ranks = _RANKS[_ITEM if "linkId" in element else _QUESTIONNAIRE]
    return dict(sorted(element.items(), key=lambda pair: ranks.get(pair[0], 999)))


class Writer:
    """Writes the items of one questionnaire; `elements` are those written so far, by our link id."""

    def __init__(self, lang: str, codes: str, value_sets: Mapping[str, Json]) -> None:
        self.lang, self.codes, self.value_sets = lang, codes, value_sets
        self.elements: dict[str, Json] = {}
        self.option_values: dict[str, dict[str, Json]] = {}

    def write(self, element: Json, item: Mapping[str, Any], before: Mapping[str, Any]) -> None:
        """`before` is the item that the element stood for when it came; nothing where it is new."""
        link_id = item["link_id"]
        self.elements[link_id] = element
        self._remember_options(link_id, element, before)
        for key in _STEPS:
            if item.get(key) != before.get(key):
                _STEPS[key](self, element, item, before)

    def answer(self, link_id: str, value: Any) -> Json:
        """The answer[x] for one of our values."""
        option = self.option_values.get(link_id, {}).get(str(value))
        if option is not None:
            ((name, given),) = option.items()
            if isinstance(given, dict):
                given = {key: given[key] for key in ("system", "code", "display") if key in given}
            return {name.replace("value", "answer", 1): given}
        if isinstance(value, bool) or not isinstance(value, int | float):
            return {"answerString": str(value)}
        kind = "Integer" if self.elements.get(link_id, {}).get("type") == "integer" and value % 1 == 0 else "Decimal"
        return {f"answer{kind}": int(value) if kind == "Integer" else value}

    def texts(self, element: Json, key: str, text: Mapping[str, str]) -> None:
        """The text in its own language, and the others beside it where they are not there yet."""
        if self.lang in text:
            element[key] = text[self.lang]
        sibling = element.get(f"_{key}")
        there = translations(sibling)
        others = {lang: words for lang, words in text.items() if lang not in (self.lang, *there)}
        others |= {lang: text[lang] for lang in there if text.get(lang, there[lang]) != there[lang]}
        if not others:
            return
        sibling = dict(sibling) if isinstance(sibling, dict) else {}
        stay = [each for each in sibling.get("extension", []) if not _lang_of(each) & set(others)]
        sibling["extension"] = [*stay, *(_translation(lang, words) for lang, words in others.items())]
        element[f"_{key}"] = sibling

    def _text(self, element: Json, item: Mapping[str, Any], before: Mapping[str, Any]) -> None:
        self.texts(element, "text", item.get("text", {}))

    def _type(self, element: Json, item: Mapping[str, Any], before: Mapping[str, Any]) -> None:
        is_open = any(option.get("open") for option in item.get("options", ()))
        element["type"] = "open-choice" if is_open else FHIR_TYPES[item["type"]]
        element.pop("repeats", None)
        if item["type"] == ItemType.CHOICES:
            element["repeats"] = True

    def _options(self, element: Json, item: Mapping[str, Any], before: Mapping[str, Any]) -> None:
        known = {
            option["value"]: given
            for option, given in zip(before.get("options", ()), element.get("answerOption", ()), strict=False)
        }
        element.pop("answerValueSet", None)
        element.pop("answerOption", None)
        if item.get("options"):
            element["answerOption"] = [self._option(option, known.get(option["value"])) for option in item["options"]]
            self._type(element, item, before)
        own_words = next(
            (option["text"].get(self.lang) for option in item.get("options", ()) if option.get("open")), None
        )
        replace_extension(element, OPEN_LABEL, "String", own_words)
        self._remember_options(item["link_id"], element, item)

    def _option(self, option: Mapping[str, Any], known: Json | None) -> Json:
        written = dict(known) if known is not None else {}
        if "valueCoding" in written or known is None:
            coding = dict(written.get("valueCoding", {"system": self.codes, "code": option["value"]}))
            self.texts(coding, "display", option["text"])
            written["valueCoding"] = coding
        replace_extension(written, OPTION_EXCLUSIVE, "Boolean", True if option.get("exclusive") else None)
        return written

    def _remember_options(self, link_id: str, element: Json, item: Mapping[str, Any]) -> None:
        values = [option["value"] for option in item.get("options", ())]
        given: list[Json] = element.get("answerOption", [])
        if element.get("type") == "boolean":
            given = [{"valueBoolean": value == "true"} for value in values]
        elif values and "answerValueSet" in element:
            given = [_coding(option) for option in read_options(element, self.value_sets, self.lang)]
        self.option_values[link_id] = {
            value: {name: each[name] for name in (f"value{key_of(each, 'value')[0]}",)}
            for value, each in zip(values, given, strict=False)
        }

    def _limits(self, element: Json, item: Mapping[str, Any], before: Mapping[str, Any]) -> None:
        for url, key in ((MIN_VALUE, "min"), (MAX_VALUE, "max")):
            value = ends(item)[key]
            replace_extension(element, url, "Integer" if isinstance(value, int) else "Decimal", value)

    def _scale(self, element: Json, item: Mapping[str, Any], before: Mapping[str, Any]) -> None:
        """A slider from its first word to its last; one with buttons goes in steps."""
        self._limits(element, item, before)
        scale = item.get("scale")
        replace_extension(element, ITEM_CONTROL, "CodeableConcept", control_concept("slider") if scale else None)
        replace_extension(element, SLIDER_STEP, "Integer", 1 if item["type"] == ItemType.SCALE else None)
        if scale and not before.get("scale"):
            element["item"] = [
                self._end(item, "low", "lower", scale["low"]),
                self._end(item, "high", "upper", scale["high"]),
            ]

    def _end(self, item: Mapping[str, Any], key: str, control: str, text: Mapping[str, str]) -> Json:
        element: Json = {"linkId": f"{item['link_id']}.{key}", "type": "display"}
        replace_extension(element, ITEM_CONTROL, "CodeableConcept", control_concept(control))
        self.texts(element, "text", text)
        return ordered(element)

    def _unit(self, element: Json, item: Mapping[str, Any], before: Mapping[str, Any]) -> None:
        given = value_of(element, UNIT, "Coding")
        coding = dict(given) if isinstance(given, dict) else {}
        if item.get("unit"):
            self.texts(coding, "display", item["unit"])
        replace_extension(element, UNIT, "Coding", coding if item.get("unit") else None)

    def _short(self, element: Json, item: Mapping[str, Any], before: Mapping[str, Any]) -> None:
        short = item.get("short", {}).get(self.lang)
        replace_extension(element, SHORT_TEXT, "String", short)

    def _precision(self, element: Json, item: Mapping[str, Any], before: Mapping[str, Any]) -> None:
        replace_extension(element, ENTRY_FORMAT, "String", FORMATS.get(item.get("precision", "day")))

    def group(self, element: Json, group: Mapping[str, Any], before: Mapping[str, Any]) -> None:
        """What questions stand in together; `before` as in `write`."""
        if group["text"] != before.get("text"):
            self.texts(element, "text", group["text"])
        if group["kind"] != before.get("kind"):
            kind = group["kind"]
            element.pop("repeats", None)
            if kind == GroupKind.REPEATS:
                element["repeats"] = True
            replace_extension(
                element, ITEM_CONTROL, "CodeableConcept", _CONTROL_OF.get(kind) and control_concept(_CONTROL_OF[kind])
            )
        if group.get("at_most") != before.get("at_most"):
            replace_extension(element, MAX_OCCURS, "Integer", group.get("at_most"))
        if group.get("show_if") != before.get("show_if"):
            self._show_if(element, group, before)

    def _show_if(self, element: Json, item: Mapping[str, Any], before: Mapping[str, Any]) -> None:
        for key in ("enableWhen", "enableBehavior"):
            element.pop(key, None)
        tree: Tree | None = item.get("show_if")
        replace_extension(element, ENABLE_WHEN_EXPRESSION, "Expression", None)
        if tree is None:
            return
        link_ids = {link_id: str(other["linkId"]) for link_id, other in self.elements.items()}
        flat = as_enable_when(tree, link_ids, self.answer)
        if flat is not None:
            element |= flat
            return
        expression = as_expression(tree, link_ids, self.answer)
        replace_extension(element, ENABLE_WHEN_EXPRESSION, "Expression", _fhirpath(expression))


_Step = Callable[[Writer, Json, Mapping[str, Any], Mapping[str, Any]], None]
_STEPS: Mapping[str, _Step] = {
    "type": Writer._type,
    "text": Writer._text,
    "short": Writer._short,
    "options": Writer._options,
    "min": Writer._limits,
    "max": Writer._limits,
    "scale": Writer._scale,
    "unit": Writer._unit,
    "precision": Writer._precision,
    "show_if": Writer._show_if,
}


def ends(item: Mapping[str, Any]) -> Json:
    """The least and the greatest number; a line to mark goes from 0 to 100 where nothing else is said."""
    scale = item.get("scale")
    holder = item if scale is None else {"min": 0, "max": 100} | dict(scale)
    return {key: holder.get(key) for key in ("min", "max")}


def replace_extension(element: Json, url: str, kind: str, value: Any) -> None:
    """The one extension with this address; none where the value is None."""
    others = [each for each in element.get("extension", []) if each.get("url") != url]
    if value is not None:
        others.append({"url": url, f"value{kind}": value})
    element.pop("extension", None)
    if others:
        element["extension"] = others


def calculated(element: Json, expression: str) -> None:
    replace_extension(element, CALCULATED, "Expression", _fhirpath(expression))


def _coding(option: ReadOption) -> Json:
    _, system, code = option.key
    coding = {"system": system} if system else {}
    return {"valueCoding": coding | {"code": code, "display": next(iter(option.text.values()))}}


def _fhirpath(expression: str) -> Json:
    return {"language": "text/fhirpath", "expression": expression}


def control_concept(code: str) -> Json:
    return {"coding": [{"system": _CONTROLS, "code": code}]}


def _translation(lang: str, words: str) -> Json:
    return {
        "url": TRANSLATION,
        "extension": [{"url": "lang", "valueCode": lang}, {"url": "content", "valueString": words}],
    }


def _lang_of(extension: Json) -> set[str]:
    return set(translations({"extension": [extension]}))
