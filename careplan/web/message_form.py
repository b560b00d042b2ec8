"""The form that a message is written in."""

from datetime import datetime
from uuid import UUID, uuid4

from flask import request
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import Length


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
