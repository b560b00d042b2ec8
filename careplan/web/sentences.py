"""What each named error says to the reader: status, heading, one clear sentence."""

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _

from careplan.domain.errors import CareplanError
from careplan.domain.identity import InvalidIdentifier

Words = tuple[int, str, str]


def _identifier(error: InvalidIdentifier) -> Words:
    sentences = {
        "empty": _("Skriv personnumret med 12 siffror."),
        "length": _("Ett personnummer har 10 eller 12 siffror. Kontrollera och skriv igen."),
        "date": _("Personnumret har ett datum som inte finns. Kontrollera och skriv igen."),
        "check-digit": _("Sista siffran i personnumret stämmer inte. Kontrollera och skriv igen."),
    }
    return 422, _("Personnumret stämmer inte"), sentences[error.reason]


# type of error -> function of the error giving (status, heading, sentence), in the reader's language
SENTENCES: dict[type[CareplanError], Callable[[Any], Words]] = {
    InvalidIdentifier: _identifier,
}


def sentence_for(error: CareplanError) -> str:
    """The one sentence, for the place beside a field."""
    return SENTENCES[type(error)](error)[2]
