"""What somebody answered to one question. 0, declined, unanswered and not shown are four different things."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any


class AnswerState(StrEnum):
    ANSWERED = "answered"
    DECLINED = "declined"
    UNANSWERED = "unanswered"
    NOT_SHOWN = "not-shown"


Value = int | float | str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """A state, and for an answered question its value: a number, a code, several codes, a text, a date or a time.

    A date is ISO, as far as it is known: 2026, 2026-03, 2026-03-21. A time is HH:MM. `words` are a person's own beside
    an open option.
    """

    state: AnswerState
    value: Value | None = None
    words: str = ""

    @property
    def is_answered(self) -> bool:
        return self.state is AnswerState.ANSWERED

    @property
    def number(self) -> int | float | None:
        """The value where it is a number that was answered, else None. 0 is a number."""
        if self.is_answered and isinstance(self.value, int | float):
            return self.value
        return None

    @property
    def codes(self) -> tuple[str, ...]:
        """The chosen codes; empty where nothing was chosen."""
        if not self.is_answered:
            return ()
        if isinstance(self.value, tuple):
            return self.value
        return (self.value,) if isinstance(self.value, str) else ()

    @property
    def mark(self) -> str:
        """Short text that another answer does not have: a page says by it which answer it showed."""
        said = [self.state, self.value, self.words] if self.words else [self.state, self.value]
        return sha256(json.dumps(said).encode()).hexdigest()[:16]

    @property
    def stored(self) -> Any:
        """The value as it lies in JSON; `restored` reads it."""
        value = list(self.value) if isinstance(self.value, tuple) else self.value
        return {"codes": value, "words": self.words} if self.words else value


# An absent key means unanswered.
Answers = Mapping[str, Answer]

DECLINED = Answer(AnswerState.DECLINED)
UNANSWERED = Answer(AnswerState.UNANSWERED)
NOT_SHOWN = Answer(AnswerState.NOT_SHOWN)


def answered(value: Value, words: str = "") -> Answer:
    return Answer(AnswerState.ANSWERED, value, words)


def restored(state: AnswerState, value: Any) -> Answer:
    """An answer as it comes back from JSON, where several codes are a list, and own words stand beside their codes."""
    words = ""
    if isinstance(value, dict):
        value, words = value["codes"], value["words"]
    if isinstance(value, list):
        return Answer(state, tuple(value), words)
    if value is None or isinstance(value, int | float | str):
        return Answer(state, value, words)
    raise TypeError(f"not the value of an answer: {value!r}")
