"""Jinja for pages: component templates, undefined values that are heard, hashed static files, pages of last resort."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from flask import Flask, current_app, url_for
from jinja2 import ChainableUndefined, ChoiceLoader, PackageLoader, StrictUndefined
from markupsafe import Markup

from careplan import i18n
from careplan.domain.comparing import around_changes
from careplan.domain.questionnaire import OwnWords
from careplan.library.professions import professions

LAST_RESORT = ("errors/500.html", "errors/503.html")
STATIC = Path(__file__).resolve().parent.parent / "static"
MANIFEST: dict[str, str] = json.loads((STATIC / "manifest.json").read_text())["files"]


class LoudUndefined(ChainableUndefined):
    """Attribute chains stay quiet, as the component macros need; printing an undefined value raises."""

    __str__ = StrictUndefined.__str__
    __html__ = StrictUndefined.__str__


def init_app(app: Flask) -> None:
    environment = app.jinja_env
    environment.undefined = LoudUndefined
    environment.loader = ChoiceLoader([environment.loader, PackageLoader("nhsuk_frontend_jinja")])
    environment.globals["static_url"] = static_url
    environment.globals["marked"] = marked
    environment.filters |= {
        "language_name": i18n.name_of,
        "direction": i18n.lang_dir,
        "text_dir": i18n.text_dir,
        "around_changes": around_changes,
        "breakable": i18n.breakable,
        "in_form": in_form,
        "in_page": in_page,
        "profession": profession,
        "stored_day": stored_day,
    }
    environment.tests["own_words"] = lambda value: isinstance(value, OwnWords)
    app.context_processor(_language)
    for name in LAST_RESORT:
        environment.get_template(name)


def static_url(name: str) -> str:
    """The address of a built file, its hash in the name so that it may be cached for ever. An unknown name raises."""
    return url_for("static", filename=MANIFEST[name])


def last_resort(name: str, **words: str) -> str:
    """A page that asks for nothing that may be what failed: no context processor, so no session, actor or database."""
    return current_app.jinja_env.get_template(name).render(**words)


def _language() -> dict[str, Any]:
    language = i18n.lang()
    form_language = i18n.form_lang()
    return {
        "lang": language,
        "dir": i18n.lang_dir(language),
        # For an element with the words of the form: they may be in another language than what is around them.
        "in_form_lang": marked(form_language) if form_language != language else "",
    }


def profession(profession_id: str) -> str:
    """A profession of content/professions.yaml in words."""
    return professions(current_app.extensions["settings"].content_path).named(profession_id, i18n.lang())


def stored_day(on: str) -> str:
    """A day as a signed version of a rehabilitation plan holds it, in words."""
    return i18n.full_day(date.fromisoformat(on))


def in_form(text: str) -> str:
    """Words of the form within a sentence of the interface."""
    language = i18n.form_lang()
    return text if not text or language == i18n.lang() else Markup("<bdi{}>{}</bdi>").format(marked(language), text)


def in_page(text: str) -> str:
    """Words of the interface among those of the form."""
    language = i18n.lang()
    return (
        text if not text or language == i18n.form_lang() else Markup("<bdi{}>{}</bdi>").format(marked(language), text)
    )


def marked(language: str) -> Markup:
    """The attributes that say so where a part of the page is in another language."""
    return Markup(' lang="{}" dir="{}"').format(language, i18n.lang_dir(language))
