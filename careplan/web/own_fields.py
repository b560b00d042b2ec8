"""Fields for what people write in their own words: cleaned, measured, and named by the page's own key."""

import re
from datetime import time
from typing import Any
from uuid import UUID, uuid4

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField
from wtforms.validators import StopValidation

from careplan.domain.own import clean
from careplan.i18n import number

_CLOCK = re.compile(r"([01]?[0-9]|2[0-3])(?:[.:]([0-5][0-9]))?")


def within(most: int) -> Any:
    """At most so many characters, after cleaning."""

    def check(_form: FlaskForm, field: StringField) -> None:
        field.data = clean(field.data)
        if len(field.data) > most:
            raise StopValidation(_("Skriv högst %(count)s tecken.", count=number(most)))

    return check


def written(sentence: str) -> Any:
    """Not empty, once cleaned: the sentence says what to write."""

    def check(_form: FlaskForm, field: StringField) -> None:
        field.data = clean(field.data)
        if not field.data:
            raise StopValidation(str(sentence))

    return check


class KeyedForm(FlaskForm):
    """With an id made by the server: the same page sent twice is stored once."""

    key = HiddenField()

    @property
    def page_key(self) -> UUID:
        """The one that came with the page; a new one where it was not ours."""
        try:
            return UUID(self.key.data or "")
        except ValueError:
            return uuid4()

    def fresh(self) -> "KeyedForm":
        if not self.key.data:
            self.key.data = str(uuid4())
        return self


def wall_time(text: str) -> time | None:
    """9.30, 9:30 or 9; None for what is no time."""
    found = _CLOCK.fullmatch(text.strip())
    return time(int(found[1]), int(found[2] or 0)) if found else None
