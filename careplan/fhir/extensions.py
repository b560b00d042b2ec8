"""The extensions that are understood, by their address, and how their values are read."""

from collections.abc import Iterator
from typing import Any

from careplan.fhir.wire import Json

_CORE = "http://hl7.org/fhir/StructureDefinition/"
_SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/"

TRANSLATION = f"{_CORE}translation"
HIDDEN = f"{_CORE}questionnaire-hidden"
UNIT = f"{_CORE}questionnaire-unit"
MIN_VALUE = f"{_CORE}minValue"
MAX_VALUE = f"{_CORE}maxValue"
OPTION_EXCLUSIVE = f"{_CORE}questionnaire-optionExclusive"
ITEM_CONTROL = f"{_CORE}questionnaire-itemControl"
MAX_OCCURS = f"{_CORE}questionnaire-maxOccurs"
ENTRY_FORMAT = f"{_CORE}entryFormat"
SLIDER_STEP = f"{_CORE}questionnaire-sliderStepValue"
CQF_EXPRESSION = f"{_CORE}cqf-expression"
ABSENT = f"{_CORE}data-absent-reason"
ITEM_WEIGHT = f"{_CORE}itemWeight"
OPEN_LABEL = f"{_SDC}sdc-questionnaire-openLabel"
SHORT_TEXT = f"{_SDC}sdc-questionnaire-shortText"
CALCULATED = f"{_SDC}sdc-questionnaire-calculatedExpression"
ENABLE_WHEN_EXPRESSION = f"{_SDC}sdc-questionnaire-enableWhenExpression"

# One weight has been written in these ways over the years.
WEIGHTS = frozenset(
    {
        ITEM_WEIGHT,
        f"{_CORE}ordinalValue",
        f"{_CORE}questionnaire-ordinalValue",
        f"{_CORE}valueset-ordinalValue",
        f"{_CORE}codesystem-ordinalValue",
        "http://hl7.org/fhir/questionnaire-ordinalValue",
        "http://hl7.org/fhir/valueset-ordinalValue",
    }
)

# With one of these an item is not what its other elements say, so it is not asked.
HOLD_BACK = {
    CALCULATED: "its answer is computed by an expression, and expressions are never run",
    f"{_CORE}cqf-calculatedValue": "its answer is computed by an expression, and expressions are never run",
    ENABLE_WHEN_EXPRESSION: "it is shown by an expression, and expressions are never run",
    f"{_SDC}sdc-questionnaire-answerExpression": "its options come from an expression, and expressions are never run",
    f"{_SDC}sdc-questionnaire-answerOptionsToggleExpression": "an expression chooses its options",
    f"{_SDC}sdc-questionnaire-candidateExpression": "its answers come from an expression",
    f"{_SDC}sdc-questionnaire-subQuestionnaire": "it stands for another questionnaire",
    f"{_SDC}sdc-questionnaire-itemMedia": "it shows a picture or sound",
}

# Those whose meaning an item of ours has.
UNDERSTOOD = frozenset({TRANSLATION, UNIT, MIN_VALUE, MAX_VALUE, SHORT_TEXT, OPEN_LABEL})


def all_extensions(element: Any) -> list[Json]:
    """Those that can be told apart; one without an address means nothing to anybody."""
    given = element.get("extension") if isinstance(element, dict) else None
    if not isinstance(given, list):
        return []
    return [each for each in given if isinstance(each, dict) and isinstance(each.get("url"), str)]


def extensions(element: Any, url: str) -> Iterator[Json]:
    return (extension for extension in all_extensions(element) if extension.get("url") == url)


def value_of(element: Any, url: str, *kinds: str) -> Any:
    """The value of the first extension with this address that has one of these types, or None."""
    for extension in extensions(element, url):
        for kind in kinds:
            if f"value{kind}" in extension:
                return extension[f"value{kind}"]
    return None


def translations(sibling: Any) -> dict[str, str]:
    """The texts in other languages, from the element beside a text (`_text`)."""
    texts = {}
    for extension in extensions(sibling, TRANSLATION):
        lang = value_of(extension, "lang", "Code", "String")
        content = value_of(extension, "content", "String", "Markdown")
        if isinstance(lang, str) and isinstance(content, str) and content.strip():
            texts[language_key(lang)] = content
    return texts


def texts(text: str, sibling: Any, lang: str) -> dict[str, str]:
    """The text in its own language, and in those that it has been translated to."""
    return {lang: text} | {other: words for other, words in translations(sibling).items() if other != lang}


def language_key(tag: str) -> str:
    """ "sv" of "sv-SE"; "und" where the file does not say."""
    first = tag.split("-")[0].lower()
    return first if 2 <= len(first) <= 3 and first.isascii() and first.isalpha() else "und"
