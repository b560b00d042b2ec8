"""Whether somebody answers the telephone now, until when, or from when."""

from dataclasses import dataclass
from datetime import datetime

from careplan.domain.team import Contact, hours_in_words
from careplan.domain.worktime import NeverOpen, closes, is_open, opens_next
from careplan.i18n import lang


@dataclass(frozen=True, slots=True)
class Telephone:
    """`changes_at` is the closing when open, else the next opening; None when it never opens."""

    is_open: bool
    changes_at: datetime | None
    hours: str


def telephone(contact: Contact, *, at: datetime) -> Telephone:
    hours = hours_in_words(contact.hours, lang())
    try:
        if is_open(contact.hours, at):
            return Telephone(True, closes(contact.hours, at), hours)
        return Telephone(False, opens_next(contact.hours, at), hours)
    except NeverOpen:
        return Telephone(False, None, hours)
