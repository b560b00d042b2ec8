"""What may be sent as a message, what a thread is called, and how it is said in a list."""

import re
import unicodedata
from enum import StrEnum

from careplan.domain.errors import CareplanError

MOST_LETTERS = 4000
_SUBJECT, _QUOTE = 60, 200
# Marks that turn the direction of all that follows. Plain right-to-left text needs none.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


class ThreadKind(StrEnum):
    PATIENT = "patient"
    TEAM = "team"


class EmptyMessage(CareplanError):
    """There is nothing to send."""


class MessageTooLong(CareplanError):
    """Nothing is cut off: the writer shortens it. `over` is how many letters too many."""

    def __init__(self, letters: int) -> None:
        super().__init__(letters)
        self.over = letters - MOST_LETTERS


def clean(text: str) -> str:
    """As it is stored: one kind of line break, no control characters, no marks that turn the direction."""
    lines = _TURNING.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in lines if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs")).strip()


def checked(text: str) -> str:
    """The text to send. Empty or too long is refused."""
    said = clean(text)
    if not said:
        raise EmptyMessage
    if len(said) > MOST_LETTERS:
        raise MessageTooLong(len(said))
    return said


def subject_of(subject: str, text: str) -> str:
    """What the writer calls it; else how the text begins."""
    return _shortened(" ".join(clean(subject).split()) or " ".join(clean(text).split()), _SUBJECT)


def quoted(text: str, most: int = _QUOTE) -> str:
    """The text on one line in quotation marks."""
    return f"”{_shortened(' '.join(text.split()), most)}”"


def _shortened(text: str, most: int) -> str:
    """At a space where there is one."""
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    whole = cut if text[most - 1] == " " else cut.rpartition(" ")[0]
    return (whole or cut).rstrip(" ,;:.") + "…"
