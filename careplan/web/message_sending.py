"""A written message on its way: stored once, or back on its page with the text still in the field."""

from collections.abc import Callable

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError

from careplan.actions import messages, tasks
from careplan.db import session
from careplan.domain.errors import CareplanError
from careplan.domain.messages import EmptyMessage, MessageTooLong
from careplan.models import Message, Thread
from careplan.web import kept_text
from careplan.web.message_form import MessageForm
from careplan.web.sentences import SENTENCES, sentence_for

# What the writer can do something about.
REFUSED = (
    EmptyMessage,
    MessageTooLong,
    messages.SentBefore,
    messages.NewerMessages,
    messages.UnitNotCaring,
    tasks.TaskAlreadyClosed,
)


def sent(
    form: MessageForm,
    store: Callable[[], Thread | Message],
    *,
    again: Callable[[], str],
    done: Callable[[Thread | Message], ResponseReturnValue],
    base: str,
) -> ResponseReturnValue:
    """Store and commit, then `done`; what is refused shows its page `again`. `base`: the frame of such pages."""
    try:
        made = store()
        kept_text.forget()
        session().commit()
    except REFUSED as error:
        status = _refuse(form, error)
        return again(), status
    except OperationalError as error:
        return _not_stored(form, error, base)
    return done(made)


def _refuse(form: MessageForm, error: CareplanError) -> int:
    """Undo, and say why beside the field. What has been sent before, or seen too late, gets a new page's key."""
    session().rollback()
    form.text.errors = [sentence_for(error)]
    if isinstance(error, messages.SentBefore):
        form.key.data = ""
    return SENTENCES[type(error)](error)[0]


def _not_stored(form: MessageForm, error: OperationalError, base: str) -> ResponseReturnValue:
    """The database is away: say so with what was written, and ask it nothing more."""
    current_app.logger.error("message not stored: %s", type(error.orig).__name__)
    session().rollback()
    fields = {name: form[name].data or "" for name in ("subject", "to", "key", "seen")}
    return render_template(
        "errors/not_sent.html", base=base, text=form.text.data or "", fields=fields, url=request.full_path
    ), 503
