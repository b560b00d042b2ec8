"""What this process has loaded, as editors' pages ask for it."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import lazy_gettext

from careplan.demo.sample import Facts, sample_facts
from careplan.domain.plan import PlanDefinition
from careplan.domain.questionnaire import Questionnaire, text_in
from careplan.i18n import lang as language
from careplan.library import Library, Place, Problem, UnknownPlan
from careplan.library.files import read_content
from careplan.library.lint import findings_of
from careplan.library.publishing import EDITABLE
from careplan.queries.access import NotVisible
from careplan.web.reading import review_in_words

REVIEWS = {"reviewed": lazy_gettext("granskad"), "not-reviewed": lazy_gettext("inte granskad")}
# The kinds of text as they stand in an address.
KINDS = {"kapitel": "chapter", "mall": "plan"}
IN_ADDRESS = {kind: word for word, kind in KINDS.items()}


def library() -> Library:
    found: Library = current_app.extensions["library"]
    return found


def content_path() -> Path:
    path: Path = current_app.extensions["settings"].content_path
    return path


def facts() -> Facts:
    return sample_facts(content_path())


def findings() -> tuple[Problem, ...]:
    """What `careplan check` would say of all that holds, and first what keeps a file from being used."""
    loaded = library()
    return (*loaded.faults, *_checked(tuple(file.hash for file in loaded.files)))


@lru_cache(maxsize=2)
def _checked(_hashes: tuple[str, ...]) -> tuple[Problem, ...]:
    loaded = library()
    return tuple(findings_of(read_content(loaded.tree, loaded.laid_over, dict(loaded.compiled))))


def definition(plan_id: str, lang: str) -> PlanDefinition:
    try:
        found = library().plan(plan_id, lang)
    except UnknownPlan:
        raise NotVisible("plan-definition", plan_id) from None
    if found.lang != lang:
        raise NotVisible("plan-definition", plan_id)
    return found


def place(kind: str, content_id: str, lang: str) -> Place:
    """The text of this address; in a language that has none, there must be a Swedish one to translate."""
    found = (KINDS.get(kind, ""), content_id, lang)
    known = {file.place for file in library().files if file.kind in EDITABLE}
    if found not in known and (found[0], content_id, "sv") not in known:
        raise NotVisible("text", f"{kind}/{content_id}")
    return found


def address(of: Place) -> dict[str, str]:
    """The values of a text's addresses."""
    kind, content_id, lang = of
    return {"kind": IN_ADDRESS[kind], "content_id": content_id, "lang": lang}


def title(of: Place) -> str:
    """As readers know it; the Swedish title of what is not translated yet."""
    kind, id_, lang = of
    titles = library().plans if kind == "plan" else library().chapters
    found = titles.get((id_, lang)) or titles.get((id_, "sv"))
    return found.title if found is not None else id_


def review(content: PlanDefinition | Questionnaire) -> str:
    found = content.review
    return review_in_words({"status": found.status, "by": found.by, "on": found.on and found.on.isoformat()})


def in_language(text: Any) -> str:
    return text_in(text, language())
