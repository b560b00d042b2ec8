"""careplan: personal care plans, self-rating forms and rehabilitation plans for Swedish cancer care."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from careplan.config import Settings
    from careplan.library import Library


@contextmanager
def _nothing_thrown_away() -> Iterator[None]:
    """Nearly all that a start makes is kept: looking through it for garbage was a quarter of the start."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@_nothing_thrown_away()
def create_app(settings: Settings | None = None, library: Library | None = None) -> Flask:
    """The web app, wired. Settings come from the environment, the library from their content path, unless given."""
    from datetime import UTC, datetime

    from flask import Flask

    from careplan import db, i18n, web
    from careplan.config import Settings
    from careplan.library.resources import Resources
    from careplan.web import shelf

    settings = settings or Settings()
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=settings.signing_key,
        DEMO=settings.demo,
        SESSION_COOKIE_NAME="careplan" if settings.demo else "__Host-careplan",
        SESSION_COOKIE_SECURE=not settings.demo,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=1_000_000,
        MAX_FORM_MEMORY_SIZE=1_000_000,
        TRUSTED_HOSTS=settings.hosts,
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.extensions["settings"] = settings
    app.extensions["resources"] = Resources.load(settings.content_path)
    app.extensions["clock"] = lambda: datetime.now(UTC)
    db.init_app(app, settings.database_url)
    shelf.init_app(app, settings.content_path, library)
    i18n.init_app(app, settings.translations_path)
    web.init_app(app)
    return app
