"""One clear sentence for each thing that can go wrong; every named error is mapped here, once."""

from flask import Flask, current_app, g, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from careplan.actions import audit
from careplan.db import session
from careplan.domain.errors import CareplanError
from careplan.queries.access import NotVisible
from careplan.web import access
from careplan.web.sentences import SENTENCES
from careplan.web.templating import last_resort


def init_app(app: Flask) -> None:
    app.register_error_handler(NotVisible, _not_visible)
    app.register_error_handler(CareplanError, _named)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(StaleDataError, _stale)
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(500, _server)


def _not_visible(error: NotVisible) -> ResponseReturnValue:
    _record_denied(error.object_type, str(error.object_id))
    return _page(404, "errors/404.html")


def _named(error: CareplanError) -> ResponseReturnValue:
    session().rollback()
    status, heading, sentence = SENTENCES[type(error)](error)
    return _page(status, "errors/sentence.html", heading=heading, sentence=sentence)


def _csrf(_error: CSRFError) -> ResponseReturnValue:
    session().rollback()
    return _page(
        400,
        "errors/sentence.html",
        heading=_("Sidan var för gammal"),
        sentence=_("Det du skickade är inte sparat. Gå tillbaka, ladda om sidan och skicka igen."),
    )


def _stale(_error: StaleDataError) -> ResponseReturnValue:
    session().rollback()
    return _page(
        409,
        "errors/sentence.html",
        heading=_("Någon annan hann före"),
        sentence=_("Någon annan ändrade samtidigt. Det du skickade är inte sparat. Ladda om sidan och försök igen."),
    )


def _database(error: OperationalError) -> ResponseReturnValue:
    current_app.logger.error("database unavailable: %s", type(error.orig).__name__)
    session().rollback()
    return last_resort("errors/503.html"), 503


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code == 404 and "denied" in g:
        _record_denied(*g.denied)
    session().rollback()
    known = {400, 403, 404, 413, 429, 503}
    if error.code is not None and error.code < 400:
        return error
    return _page(error.code or 500, f"errors/{error.code if error.code in known else 400}.html")


def _server(_error: Exception) -> ResponseReturnValue:
    session().rollback()
    # Nothing that may have caused the error is used again: no database, no actor.
    return last_resort("errors/500.html", request_id=g.get("request_id", "")), 500


def _page(status: int, template: str, **words: str) -> ResponseReturnValue:
    return render_template(template, **words), status


def _record_denied(object_type: str, object_id: str) -> None:
    """A denied attempt is written in its own transaction, after what was under way is undone."""
    db = session()
    db.rollback()
    if current_user.is_authenticated:
        audit.record(
            db,
            "denied",
            by=access.actor(),
            at=access.now(),
            object_type=object_type,
            object_id=object_id,
            outcome="denied",
        )
        db.commit()
