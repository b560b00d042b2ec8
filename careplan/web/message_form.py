"""The form that a message is written in, and the page when the database could not take it."""

from datetime import datetime
from uuid import UUID, uuid4

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from sqlalchemy.exc import OperationalError
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import Length

from careplan.actions import messages
from careplan.db import session
from careplan.domain.errors import CareplanError
from careplan.domain.messages import EmptyMessage, MessageTooLong
from careplan.web.sentences import SENTENCES, sentence_for

# What the writer can do something about, with the text still in the field.
REFUSED = (EmptyMessage, MessageTooLong, messages.SentBefore, messages.NewerMessages, messages.UnitNotCaring)


class MessageForm(FlaskForm):
    """`key` is this page's own: it is sent once. `seen` is how many messages stood on it."""

    subject = StringField(
        lazy_gettext("Rubrik, om du vill"),
        validators=[Length(max=100, message=lazy_gettext("Skriv högst 100 tecken."))],
    )
    text = TextAreaField()
    to = StringField()
    key = HiddenField()
    seen = HiddenField()

    @property
    def page_key(self) -> UUID:
        return _uuid(self.key.data) or uuid4()

    @property
    def number_seen(self) -> int | None:
        given = self.seen.data or ""
        return int(given) if given.isascii() and given.isdecimal() and len(given) < 6 else None

    def renew(self, *, seen: int = 0) -> None:
        """A page to be sent: with a key of its own, unless it is the same page once more."""
        self.key.data = str(_uuid(self.key.data) or uuid4())
        self.seen.data = str(seen)


def refuse(form: MessageForm, error: CareplanError) -> int:
    """Undo, and say why beside the field. What has been sent before, or seen too late, gets a new page's key."""
    session().rollback()
    form.text.errors = [sentence_for(error)]
    if isinstance(error, messages.SentBefore):
        form.key.data = ""
    return SENTENCES[type(error)](error)[0]


def not_stored(form: MessageForm, error: OperationalError, base: str) -> ResponseReturnValue:
    """The database is away: say so with what was written, and ask it nothing more."""
    current_app.logger.error("message not stored: %s", type(error.orig).__name__)
    session().rollback()
    fields = {name: form[name].data or "" for name in ("subject", "to", "key", "seen")}
    return render_template(
        "errors/not_sent.html", base=base, text=form.text.data or "", fields=fields, url=request.full_path
    ), 503


def earlier_than() -> datetime | None:
    """Where the next page of a list of threads begins."""
    try:
        given = datetime.fromisoformat(request.args.get("fore", ""))
    except ValueError:
        return None
    return given if given.tzinfo else None


def _uuid(given: str | None) -> UUID | None:
    try:
        return UUID(given or "")
    except ValueError:
        return None
