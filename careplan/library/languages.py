"""The languages of a form: texts that one lacks, and the lock on wording that was validated."""

import json
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any

from careplan.library.document import Document, Key
from careplan.library.problems import Problem
from careplan.library.schema import QuestionnaireModel

MISSING, VALIDATED = "missing", "validated"
# What stands beside the questions and is not read with them: our own labels, and what becomes of the answers.
_NOT_WORDING = frozenset(
    {"short", "section", "show_if", "higher_means", "area", "wish", "concept", "reuse_days", "same_as_last"}
)


def language_problems(model: QuestionnaireModel, document: Document) -> Iterator[Problem]:
    """A form is offered in a language whole and as it was validated, or it does not load.

    Versions that were published earlier are not judged by this: they stay readable."""
    yield from _lacking(document, [lang for lang, status in model.languages.items() if status != MISSING])
    yield from _unlocked(model, document)


def locks(model: QuestionnaireModel) -> dict[str, str]:
    """The lock of each language that the form is offered in."""
    return {lang: lock(model, lang) for lang, status in model.languages.items() if status != MISSING}


def lock(model: QuestionnaireModel, lang: str) -> str:
    """A hash of what is read and chosen among in this language: wording, order, options, ends of scales, link ids."""
    # Defaults are left out, so that a key which the schema gains later opens no lock.
    content = model.model_dump(mode="json", exclude_defaults=True)
    spoken = _spoken({key: content[key] for key in ("recall_period", "groups", "items") if key in content}, lang)
    return sha256(json.dumps(spoken, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _spoken(value: Any, lang: str) -> Any:
    if isinstance(value, list):
        return [_spoken(part, lang) for part in value]
    if not isinstance(value, dict):
        return value
    if _is_text(value):
        return value.get(lang, "")
    return {key: _spoken(part, lang) for key, part in value.items() if key not in _NOT_WORDING}


def _lacking(document: Document, languages: Sequence[str]) -> Iterator[Problem]:
    for place in document.lines:
        text = _at(document, place)
        if _is_text(text) and place != ("languages",):
            for lang in languages:
                if lang not in text:
                    message = f"{_named(document, place)} has no text in '{lang}', which 'languages' says the form has"
                    yield document.problem(place, message)


def _unlocked(model: QuestionnaireModel, document: Document) -> Iterator[Problem]:
    how = f"`careplan questionnaire lock {model.id}` prints it"
    for lang, status in model.languages.items():
        if status == VALIDATED and lang not in model.locks:
            yield document.problem(("languages", lang), f"'{lang}' is validated and needs its lock in 'locks': {how}")
    for lang, expected in model.locks.items():
        if model.languages.get(lang, MISSING) == MISSING:
            yield document.problem(("locks", lang), f"'locks' names '{lang}', which the form is not offered in")
        elif (found := lock(model, lang)) != expected:
            message = (
                f"the wording in '{lang}' is not what was locked: a question, an option, their order or a scale has "
                f"changed (lock {expected[:12]}…, now {found[:12]}…). Undo the change, or validate it and lock it anew"
            )
            yield document.problem(("locks", lang), message)


def _is_text(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("sv"), str)


def _at(document: Document, place: Sequence[Key]) -> Any:
    value = document.data
    for part in place:
        value = value[part]
    return value


def _named(document: Document, place: Sequence[Key]) -> str:
    """The item, option or other part that a text belongs to, by its own id: 'text' of item 'pain', option 'no'."""
    names = []
    for end in range(1, len(place) + 1):
        if isinstance(place[end - 1], int):
            part = _at(document, place[:end])
            own = next((part[key] for key in ("link_id", "id", "value") if key in part), place[end - 1])
            names.append(f"{str(place[end - 2]).removesuffix('s')} '{own}'")
    return f"'{place[-1]}'" + (f" of {', '.join(names)}" if names else "")
