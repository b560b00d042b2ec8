"""An answer in words."""

from careplan.domain.answers import Answer
from careplan.domain.questionnaire.items import Item, text_in

_STATE_WORDS = {
    "sv": {
        "declined": "Jag vill inte svara",
        "unanswered": "Inte besvarad",
        "not-shown": "Inte visad",
        "of": "av",
        "illegible": "Oläsligt på papperet",
    },
    "en": {
        "declined": "I do not want to answer",
        "unanswered": "Not answered",
        "not-shown": "Not shown",
        "of": "of",
        "illegible": "Illegible on the paper",
    },
}


def in_words(item: Item, answer: Answer, lang: str) -> str:
    """The answer as a person reads it: "7 av 10", the option's text, "Inte besvarad"."""
    words = _STATE_WORDS.get(lang, _STATE_WORDS["sv"])
    if not answer.is_answered or answer.value is None:
        return words[answer.state.value]
    if item.options:
        texts = {option.value: text_in(option.text, lang) for option in item.options}
        return ", ".join(texts[code] for code in answer.codes)
    if answer.number is None:
        return str(answer.value)
    if item.scale is not None:
        return f"{figure(answer.number, lang)} {words['of']} {item.scale.max}"
    unit = f"\u00a0{text_in(item.unit, lang)}" if item.unit else ""
    return figure(answer.number, lang) + unit


def illegible_in_words(lang: str) -> str:
    """Something stood on the paper, and nobody could read it: to scores it is unanswered, to people it is not."""
    return _STATE_WORDS.get(lang, _STATE_WORDS["sv"])["illegible"]


def figure(number: int | float, lang: str) -> str:
    """A number without needless decimals; Swedish has a decimal comma."""
    text = f"{number:.2f}".rstrip("0").rstrip(".") if isinstance(number, float) else str(number)
    return text if lang == "en" else text.replace(".", ",")
